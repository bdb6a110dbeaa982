//go:build bench && linux

package bench

import (
	"context"
	"fmt"
	"os"
	"slices"
	"testing"

	"desktop.tusk/backend/store"
)

// TestHistory searches a history of 100,000 runs, as a person at its panel does.
func TestHistory(t *testing.T) {
	const entries = 100_000
	dir, err := os.MkdirTemp("/dev/shm", "tusk-history-") // 100,000 appends each wait for the disk elsewhere
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	type run struct {
		At      int    `json:"at"`
		Rows    int    `json:"rows"`
		Outcome string `json:"outcome"`
	}
	j := store.NewJournal[run](dir, store.Options{})
	var append1 []float64
	for i := range entries {
		text := fmt.Sprintf("select o.id, o.total, c.name\nfrom orders o\njoin customers c on c.id = o.customer_id\nwhere o.id between %d and %d and c.country = 'PT'\norder by o.total desc nulls last\nlimit 100", i, i+1000)
		if i == 7 {
			text += " -- needle"
		}
		append1 = append(append1, timed(func() {
			_, err = j.Append(text, []string{fmt.Sprintf("connection:%d", i%5), "outcome:ok"}, run{At: i, Rows: 100, Outcome: "finished"})
		}))
		if err != nil {
			t.Fatal(err)
		}
	}
	fmt.Println("\n| history of 100,000 runs | p50 | p99 | target |")
	fmt.Println("|---|---|---|---|")
	fmt.Printf("| append, in memory | %.2f ms | %.2f ms | |\n", median(append1), p99(append1))
	for _, c := range []struct {
		name   string
		find   store.Find
		hits   int
		target float64 // ms
	}{
		{"the newest 200", store.Find{Limit: 200}, 200, 25},
		{"200 with two common words", store.Find{Words: []string{"orders", "customers"}, Limit: 200}, 200, 25},
		{"200 of a connection", store.Find{Tags: []string{"connection:3"}, Limit: 200}, 200, 25},
		{"one old run (all is read)", store.Find{Words: []string{"NEEDLE"}, Limit: 200}, 1, 150},
		{"a common word and one that is nowhere (all is read)", store.Find{Words: []string{"orders", "nowhere"}, Limit: 200}, 0, 150},
	} {
		var took []float64
		for range 60 {
			took = append(took, timed(func() {
				list, _, err := j.Search(context.Background(), c.find)
				if err != nil || len(list) != c.hits {
					t.Fatalf("%s: %d hits, %v", c.name, len(list), err)
				}
			}))
		}
		fmt.Printf("| %s | %.1f ms | %.1f ms | ≤ %.0f ms |\n", c.name, median(took), p99(took), c.target)
		if median(took) > c.target {
			t.Errorf("%s takes %.1f ms", c.name, median(took))
		}
	}
}

// p99 is what one of a hundred takes longer than.
func p99(v []float64) float64 {
	v = slices.Sorted(slices.Values(v))
	return v[len(v)*99/100]
}
