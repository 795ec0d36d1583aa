// Package references is the row of pictures that a request brings along: which
// there are, in their order, and which one the person is on. Looking at files
// and choosing new ones is the page's.
package references

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"easel/backend"
	"easel/ui/keys"
	"easel/ui/parts"
)

// Row knows the reference that the person is on.
type Row struct {
	at    int
	edges []int // the column behind each chip that View drew last
	first int   // the first that was drawn
}

// At is the index of the person's own reference among n.
func (r *Row) At(n int) int { return max(0, min(r.at, n-1)) }

// Select goes to a reference.
func (r *Row) Select(i int) { r.at = max(i, 0) }

// Do carries out an action on the list, and gives the list as it is then, a new
// one if it changed; false if the action is none of the row's own.
func (r *Row) Do(list []backend.Reference, a keys.Action) ([]backend.Reference, bool) {
	n, at := len(list), r.At(len(list))
	switch a {
	case keys.NextRef:
		r.at = min(at+1, max(n-1, 0))
	case keys.PrevRef:
		r.at = max(at-1, 0)
	case keys.ClearRefs:
		return nil, true
	case keys.RemoveRef:
		if n > 0 {
			list = append(append([]backend.Reference(nil), list[:at]...), list[at+1:]...)
			r.at = r.At(len(list))
		}
	case keys.RefLater, keys.RefSooner:
		to := at + 1
		if a == keys.RefSooner {
			to = at - 1
		}
		if to >= 0 && to < n {
			list = append([]backend.Reference(nil), list...)
			list[at], list[to] = list[to], list[at]
			r.at = to
		}
	default:
		return list, false
	}
	return list, true
}

// View draws the row in w cells: the references with their numbers, around the
// person's own if they do not fit; else what the model takes.
func (r *Row) View(env parts.Env, list []backend.Reference, takes backend.References, focused bool, w int) string {
	t, say := env.Theme, env.Words.Say
	head := t.Quiet
	if focused {
		head = t.Accent
	}
	title := say("studio.title.references")
	s := head.Render(title) + "  "
	x := ansi.StringWidth(title) + 2
	r.edges, r.first = r.edges[:0], 0
	if len(list) == 0 {
		return s + t.Quiet.Render(parts.Clip(empty(env, takes, focused), w-x))
	}
	limit := ""
	if takes.Max > 0 && (len(list) > takes.Max || focused) {
		limit = say("studio.references.limit", strconv.Itoa(len(list)), strconv.Itoa(takes.Max))
	} else if takes.Max == 0 {
		limit = say("studio.references.none")
	}
	room := w - x
	if limit != "" {
		room -= ansi.StringWidth(limit) + 2
	}
	s += r.fit(env, r.chips(env, list, focused, room), room, x)
	if limit != "" {
		style := t.Quiet
		if len(list) > takes.Max {
			style = t.Failed
		}
		used := ansi.StringWidth(s)
		s += parts.Blank(w-used-ansi.StringWidth(limit)) + style.Render(limit)
	}
	return s
}

// chips draws the references; where they have no room together, without what is
// quiet about them, and shorter.
func (r *Row) chips(env parts.Env, list []backend.Reference, focused bool, room int) []string {
	n := len(list)
	out := make([]string, n)
	for _, w := range []int{40, max((room-5*n)/n, 12)} {
		used := -3
		for i, ref := range list {
			out[i] = chip(env, ref, i, focused && i == r.At(n), w, w == 40)
			used += ansi.StringWidth(out[i]) + 3
		}
		if used <= room {
			break
		}
	}
	return out
}

// fit joins the chips that have room, beginning late enough that the person's
// own is among them, and says how many are left out.
func (r *Row) fit(env parts.Env, chips []string, room, x int) string {
	width := func(from, to int) int {
		n := 0
		for _, c := range chips[from:to] {
			n += ansi.StringWidth(c) + 3
		}
		return n
	}
	at := r.At(len(chips))
	whole := width(0, len(chips))-3 <= room
	for !whole && r.first < at && width(r.first, at+1) > room-6 {
		r.first++
	}
	var b strings.Builder
	if r.first > 0 {
		more := "+" + strconv.Itoa(r.first) + "  "
		b.WriteString(env.Theme.Quiet.Render(more))
		x += len(more)
		room -= len(more)
	}
	for i := r.first; i < len(chips); i++ {
		need := ansi.StringWidth(chips[i])
		rest := len(chips) - i - 1
		if i > r.first && need > room-4*min(rest, 1) {
			b.WriteString(env.Theme.Quiet.Render("+" + strconv.Itoa(rest+1)))
			break
		}
		b.WriteString(chips[i] + "   ")
		x, room = x+need+3, room-need-3
		r.edges = append(r.edges, x)
	}
	return strings.TrimRight(b.String(), " ")
}

func chip(env parts.Env, ref backend.Reference, i int, here bool, w int, whole bool) string {
	t := env.Theme
	name, note := Name(env, ref)
	number, style := t.Running, t.Text
	if here {
		number, style = t.Accent, t.Selected
	}
	s := number.Render(strconv.Itoa(i+1)) + " " + style.Render(parts.Clip(name, w))
	if note != "" && whole {
		s += " " + t.Quiet.Render(note)
	}
	return s
}

// Name is what a person calls a reference, and a quiet word about it: an earlier
// result by its task, a local one with its weight, an address without its
// scheme.
func Name(env parts.Env, ref backend.Reference) (name, note string) {
	switch {
	case ref.Task != "":
		name, note = "#"+ref.Task[max(0, len(ref.Task)-6):], env.Words.Say("studio.references.result")
		if ref.Index > 0 {
			name += "-" + strconv.Itoa(ref.Index+1)
		}
		return backend.Clean(name), note
	case ref.Path != "" && ref.Type == "":
		return ref.Name(), env.Words.Say("studio.references.unseen")
	case ref.Path != "":
		return ref.Name(), parts.Bytes(ref.Bytes)
	}
	url := ref.Name()
	for _, scheme := range []string{"https://", "http://"} {
		url = strings.TrimPrefix(url, scheme)
	}
	return url, ""
}

func empty(env parts.Env, takes backend.References, focused bool) string {
	switch {
	case takes.Max == 0:
		return env.Words.Say("studio.references.none")
	case takes.Min > 0:
		return env.Words.Say("studio.references.need", strconv.Itoa(takes.Min))
	case focused:
		return env.Words.Say("studio.references.empty_here", strconv.Itoa(takes.Max))
	}
	return env.Words.Say("studio.references.empty", strconv.Itoa(takes.Max))
}

// Click selects the reference at column x of what was drawn last.
func (r *Row) Click(x int) {
	for i, edge := range r.edges {
		if x < edge {
			r.at = r.first + i
			return
		}
	}
}
