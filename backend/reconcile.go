package backend

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"desktop.tusk/backend/conn"
)

// part is one thing a saved connection says, by the name it has in the form, and how to change it.
type part struct {
	label string
	value string
	set   func(p *StoredProfile, value string)
}

// parts lists all that p says; settings that only other has are there too, as "".
func parts(p, other StoredProfile) []part {
	flag := func(s string) bool { return s == "true" }
	list := []part{
		{"Name", p.Profile.Name, func(p *StoredProfile, v string) { p.Profile.Name = v }},
		{"Colour", p.Profile.Color, func(p *StoredProfile, v string) { p.Profile.Color = v }},
		{"Group", p.Group, func(p *StoredProfile, v string) { p.Group = v }},
		{"Place in the list", strconv.Itoa(p.Order), func(p *StoredProfile, v string) { p.Order, _ = strconv.Atoi(v) }},
		{"Favourite", strconv.FormatBool(p.Favourite), func(p *StoredProfile, v string) { p.Favourite = flag(v) }},
		{"Notes", p.Notes, func(p *StoredProfile, v string) { p.Notes = v }},
	}
	labels := map[string]string{}
	for _, o := range conn.Options() {
		labels[o.Key] = o.Label
	}
	keys := maps.Clone(p.Profile.Settings)
	if keys == nil {
		keys = map[string]string{}
	}
	maps.Copy(keys, other.Profile.Settings)
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		label := labels[key]
		if label == "" {
			label = key
		}
		list = append(list, part{label, p.Profile.Settings[key], func(p *StoredProfile, v string) {
			if v == "" {
				delete(p.Profile.Settings, key)
				return
			}
			p.Profile.Settings[key] = v
		}})
	}
	return list
}

// reconcile puts what another window has changed since base was read into p, part by part: what p leaves as it was is
// taken from now, and of what both have changed p has the last word. The notes say so, in sentences.
func reconcile(p *StoredProfile, base, now StoredProfile) (notes []string) {
	all := StoredProfile{Profile: conn.Profile{Settings: map[string]string{}}}
	for _, one := range []StoredProfile{*p, base, now} {
		maps.Copy(all.Profile.Settings, one.Profile.Settings)
	}
	was, is, mine := parts(base, all), parts(now, all), parts(*p, all)
	var taken, over []string
	for i, theirs := range is {
		switch {
		case theirs.value == was[i].value || theirs.value == mine[i].value:
		case mine[i].value == was[i].value:
			theirs.set(p, theirs.value)
			taken = append(taken, "“"+theirs.label+"”")
		case len(theirs.value) > 40 || theirs.value == "":
			over = append(over, "“"+theirs.label+"”")
		default:
			over = append(over, fmt.Sprintf("“%s” (to %s)", theirs.label, theirs.value))
		}
	}
	if len(taken) > 0 {
		notes = append(notes, "Another window has changed "+strings.Join(taken, ", ")+"; that is kept.")
	}
	if len(over) > 0 {
		notes = append(notes, "Another window has changed "+strings.Join(over, ", ")+" too; what you have saved counts.")
	}
	return notes
}
