package spool

import (
	"bytes"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// total adds up numbers as they are written: exactly, by how many digits they have behind the point.
type total struct {
	scales []scaled
	float  float64
	lost   float64 // what adding up floats has rounded away
	nan    bool
	inf    [2]bool // plus, minus
	bytes  int     // that it takes in memory, about
}

// scaled is a sum in units of ten to the power of minus its place.
type scaled struct {
	small int64
	big   *big.Int
}

func (t *total) add(v []byte) {
	n, scale, ok := int64(0), 0, len(v) > 0 && len(v) <= 18
	digits, negative := v, false
	if len(v) > 0 && v[0] == '-' {
		negative, digits = true, v[1:]
	}
	point := bytes.IndexByte(digits, '.')
	if point >= 0 {
		scale = len(digits) - point - 1
	}
	if ok {
		for i, c := range digits {
			if i == point {
				continue
			}
			if c < '0' || c > '9' {
				ok = false
				break
			}
			n = n*10 + int64(c-'0')
		}
	}
	if ok {
		if negative {
			n = -n
		}
		s := t.scale(scale)
		if sum := s.small + n; (sum > s.small) == (n > 0) {
			s.small = sum
			return
		}
		s.spill()
		s.small = n
		return
	}
	t.rare(string(v), scale)
}

// rare adds what is long, not finite, or written with an exponent.
func (t *total) rare(s string, scale int) {
	switch s {
	case "NaN":
		t.nan = true
		return
	case "Infinity", "-Infinity":
		t.inf[map[bool]int{false: 0, true: 1}[s[0] == '-']] = true
		return
	}
	if n, ok := new(big.Int).SetString(strings.Replace(s, ".", "", 1), 10); ok {
		sum := t.scale(scale)
		sum.spill()
		had := len(sum.big.Bits())
		sum.big.Add(sum.big, n)
		t.bytes += 8 * (len(sum.big.Bits()) - had)
		return
	}
	if f, err := strconv.ParseFloat(s, 64); err == nil { // 1e-7, of a float
		sum := t.float + f
		if math.Abs(t.float) >= math.Abs(f) {
			t.lost += t.float - sum + f
		} else {
			t.lost += f - sum + t.float
		}
		t.float = sum
	}
}

func (t *total) scale(n int) *scaled {
	for len(t.scales) <= n {
		t.scales = append(t.scales, scaled{})
		t.bytes += 64 // with its big.Int
	}
	return &t.scales[n]
}

func (s *scaled) spill() {
	if s.big == nil {
		s.big = new(big.Int)
	}
	s.big.Add(s.big, big.NewInt(s.small))
	s.small = 0
}

func (t *total) merge(o *total) {
	for i := range o.scales {
		o.scales[i].spill()
		s := t.scale(i)
		s.spill()
		had := len(s.big.Bits())
		s.big.Add(s.big, o.scales[i].big)
		t.bytes += 8 * (len(s.big.Bits()) - had)
	}
	t.float += o.float
	t.lost += o.lost
	t.nan = t.nan || o.nan
	t.inf[0], t.inf[1] = t.inf[0] || o.inf[0], t.inf[1] || o.inf[1]
}

// text gives the sum and the average over n values.
func (t *total) text(n int64, oid uint32) (sum, average *string, approximate bool) {
	approximate = oid == 700 || oid == 701
	switch {
	case t.nan || t.inf[0] && t.inf[1]:
		s := "NaN"
		return &s, &s, approximate
	case t.inf[0]:
		s := "Infinity"
		return &s, &s, approximate
	case t.inf[1]:
		s := "-Infinity"
		return &s, &s, approximate
	}
	exact, places := new(big.Int), 0
	for i := range t.scales {
		s := &t.scales[i]
		s.spill()
		exact.Mul(exact, big.NewInt(10))
		if i == 0 {
			exact.SetInt64(0)
		}
		exact.Add(exact, s.big)
		places = i
	}
	r := new(big.Rat).SetFrac(exact, new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil))
	if approximate {
		f, _ := r.Float64()
		if f += t.float; !math.IsInf(f, 0) { // what was lost on the way there is no number
			f += t.lost
		}
		s, a := approximately(f), approximately(f/float64(n))
		return &s, &a, true
	}
	s := r.FloatString(places)
	a := new(big.Rat).Quo(r, new(big.Rat).SetInt64(n)).FloatString(divisionPlaces(exact, places, n))
	return &s, &a, false
}

// approximately writes a float, one beyond all others as the server does.
func approximately(f float64) string {
	return strings.Replace(strings.TrimPrefix(strconv.FormatFloat(f, 'g', 15, 64), "+"), "Inf", "Infinity", 1)
}

// divisionPlaces is how many digits behind the point the server gives a sum divided by a count: those of at least 16
// significant ones, counted in its digits of four.
func divisionPlaces(sum *big.Int, places int, n int64) int {
	weight1, first1 := leading(new(big.Int).Abs(sum).String(), places)
	weight2, first2 := leading(strconv.FormatInt(n, 10), 0)
	weight := weight1 - weight2
	if first1 <= first2 {
		weight--
	}
	return min(1000, max(places, 16-4*weight))
}

// leading gives the first digit to the base of 10,000 of a decimal with so many places, and the power it stands at.
func leading(digits string, places int) (weight, first int) {
	if digits == "0" {
		return 0, 0
	}
	ten := len(digits) - places - 1 // the power of ten of the first decimal digit
	weight = ten / 4
	if ten < 0 {
		weight = (ten - 3) / 4
	}
	for i := range ten - 4*weight + 1 {
		first *= 10
		if i < len(digits) {
			first += int(digits[i] - '0')
		}
	}
	return weight, first
}
