package strict

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Document tells where the keys of a TOML file stand, and in which order. A path
// names a key by its parents; "#2" is the third element of a list.
type Document struct {
	File string
	data []byte

	read  bool
	keys  map[string][]string // by the joined path of their table
	lines map[string]int      // by joined path
}

// Index is the part of a path that stands for element i of a list.
func Index(i int) string { return "#" + strconv.Itoa(i) }

// Line gives the line of what stands at a path, or of its nearest parent that
// is there; 0 if there is none.
func (d *Document) Line(path ...string) int {
	d.scan()
	for n := len(path); n > 0; n-- {
		if line, ok := d.lines[join(path[:n])]; ok {
			return line
		}
	}
	return 0
}

// Keys gives the keys of the table at a path, in the order of the file.
func (d *Document) Keys(path ...string) []string {
	d.scan()
	return slices.Clone(d.keys[join(path)])
}

// Errorf makes an error about what stands at a path.
func (d *Document) Errorf(path []string, format string, args ...any) *Error {
	return &Error{File: d.File, Line: d.Line(path...), Message: fmt.Sprintf(format, args...)}
}

func join(path []string) string { return strings.Join(path, "\x00") }

// scan finds the keys. It is done when somebody asks: a file without errors is
// often read for its values alone.
func (d *Document) scan() {
	if d.read {
		return
	}
	d.read, d.lines, d.keys = true, map[string]int{}, map[string][]string{}
	s := &scanner{doc: d, text: d.data, line: 1, arrays: map[string]int{}}
	s.document()
}

// note remembers a key where it is first seen.
func (d *Document) note(parent, key string, line int) string {
	path := key
	if parent != "" {
		path = parent + "\x00" + key
	}
	if _, seen := d.lines[path]; !seen && key != "" {
		d.lines[path] = line
		if key[0] != '#' {
			d.keys[parent] = append(d.keys[parent], key)
		}
	}
	return path
}
