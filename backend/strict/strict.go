// Package strict reads TOML files that people write: an unknown key, a wrong
// type and bad TOML are errors with the file and the line, and the nearest known
// name where there is one.
//
// What the values mean, and which of them are allowed, belongs to who asks.
package strict

import (
	"cmp"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/BurntSushi/toml"

	"easel/backend"
)

// Error is one thing that is wrong in a file.
type Error struct {
	File    string
	Line    int // from 1; 0 if it is about the whole file
	Message string
}

// Error gives "file:12: message".
func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Message)
}

// Decode reads data into the struct or map that into points to. Fields are
// named by their toml tags, exactly. The error joins an *Error for each problem,
// in the order of the file; what is right is read all the same.
func Decode(file string, data []byte, into any) error {
	_, err := Read(file, data, into)
	return err
}

// Read is Decode for who has more to say about the file than its types: the
// Document tells the order of keys and where they stand. It is nil if the file
// is no TOML.
func Read(file string, data []byte, into any) (*Document, error) {
	var tree map[string]any
	if _, err := toml.Decode(string(data), &tree); err != nil {
		return nil, badTOML(file, err)
	}
	doc := &Document{File: file, data: data}
	d := decoder{structs: map[reflect.Type]*fields{}}
	d.value(nil, tree, reflect.ValueOf(into).Elem())
	return doc, doc.join(d.problems)
}

func badTOML(file string, err error) error {
	e := &Error{File: file, Message: "bad TOML: " + backend.Clean(err.Error())}
	if p, ok := errors.AsType[toml.ParseError](err); ok {
		e.Line, e.Message = p.Position.Line, "bad TOML: "+backend.Clean(p.Message)
	}
	return e
}

// problem is a message about what stands at a path.
type problem struct {
	path    []string
	message string
}

// join gives the problems as *Errors in the order of the file, nil if there are
// none.
func (d *Document) join(problems []problem) error {
	var list []*Error
	for _, p := range problems {
		list = append(list, d.Errorf(p.path, "%s", p.message))
	}
	return Join(list...)
}

// Join gives errors as one, sorted by line; nil if there are none.
func Join(list ...*Error) error {
	slices.SortStableFunc(list, func(a, b *Error) int { return cmp.Compare(a.Line, b.Line) })
	errs := make([]error, len(list))
	for i, e := range list {
		errs[i] = e
	}
	return errors.Join(errs...)
}
