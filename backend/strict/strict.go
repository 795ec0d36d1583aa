// Package strict reads TOML files that people write: an unknown key, a wrong
// type and bad TOML are errors with the file and the line, and the nearest known
// name where there is one.
//
// What the values mean, and which of them are allowed, belongs to who asks.
package strict

import (
	"errors"
	"fmt"
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
	return errors.New("not yet")
}
