package recipe

import (
	"maps"
	"regexp"
	"slices"

	"easel/backend/strict"
)

// node is a part of what is said in a request: a table, a list, a text that may
// hold placeholders, or another value that is sent as it is.
type node struct {
	keys  []string // of a table, in the order of the file
	table map[string]*node
	list  []*node
	text  *string
	value any // int64, float64, bool
}

// newNode makes a node of a value of TOML that stands at a path of the file.
func newNode(doc *strict.Document, path []string, v any) *node {
	switch v := v.(type) {
	case map[string]any:
		n := &node{table: map[string]*node{}}
		for _, k := range keysOf(doc, path, v) {
			if one, ok := v[k]; ok && n.table[k] == nil {
				n.keys = append(n.keys, k)
				n.table[k] = newNode(doc, append(slices.Clone(path), k), one)
			}
		}
		return n
	case []map[string]any:
		n := &node{list: []*node{}}
		for i, one := range v {
			n.list = append(n.list, newNode(doc, append(slices.Clone(path), strict.Index(i)), one))
		}
		return n
	case []any:
		n := &node{list: []*node{}}
		for i, one := range v {
			n.list = append(n.list, newNode(doc, append(slices.Clone(path), strict.Index(i)), one))
		}
		return n
	case string:
		return &node{text: &v}
	}
	return &node{value: v}
}

// keysOf gives the keys of a table in the order of the file, and behind them any
// that are not found there.
func keysOf[V any](doc *strict.Document, path []string, table map[string]V) []string {
	keys := doc.Keys(path...)
	if len(keys) == len(table) {
		return keys
	}
	for _, k := range slices.Sorted(maps.Keys(table)) {
		if !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	return keys
}

// tableNode makes the node of a table that may not be there.
func tableNode(doc *strict.Document, path []string, v map[string]any) *node {
	if v == nil {
		return nil
	}
	return newNode(doc, path, v)
}

// over lays a node over another: tables are merged key by key, "" takes a key
// away, anything else replaces what was there.
func (n *node) over(base *node) *node {
	switch {
	case n == nil:
		return base
	case base == nil || n.table == nil || base.table == nil:
		return n
	}
	out := &node{table: maps.Clone(base.table), keys: slices.Clone(base.keys)}
	for _, k := range n.keys {
		one := n.table[k]
		if one.text != nil && *one.text == "" {
			delete(out.table, k)
			out.keys = slices.DeleteFunc(out.keys, func(key string) bool { return key == k })
			continue
		}
		if _, there := out.table[k]; !there {
			out.keys = append(out.keys, k)
		}
		out.table[k] = one.over(base.table[k])
	}
	return out
}

var placeholder = regexp.MustCompile(`\{([A-Za-z_][A-Za-z0-9_]*)\}`)

// names gives the placeholders of a text.
func names(text string) []string {
	var out []string
	for _, m := range placeholder.FindAllStringSubmatch(text, -1) {
		out = append(out, m[1])
	}
	return out
}

// whole gives the name of a text that is nothing but one placeholder.
func whole(text string) (string, bool) {
	m := placeholder.FindStringSubmatch(text)
	if m == nil || m[0] != text {
		return "", false
	}
	return m[1], true
}

// walk calls f for every text in the node, with the key in which it stands.
func (n *node) walk(key string, f func(key, text string)) {
	switch {
	case n == nil:
	case n.text != nil:
		f(key, *n.text)
	case n.table != nil:
		for _, k := range n.keys {
			n.table[k].walk(k, f)
		}
	default:
		for _, one := range n.list {
			one.walk(key, f)
		}
	}
}

// has says whether the node holds one of the placeholders.
func (n *node) has(want ...string) bool {
	found := false
	n.walk("", func(_, text string) {
		for _, name := range names(text) {
			found = found || slices.Contains(want, name)
		}
	})
	return found
}
