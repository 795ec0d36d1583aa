package task

import (
	"crypto/rand"
	"time"
)

// letters are the digits of an id in the order of ASCII, so that ids sort by
// time. There is no i, l, o or u: nothing that is taken for another one.
const letters = "0123456789abcdefghjkmnpqrstvwxyz"

// The parts of an id: microseconds since 1970, and chance.
const (
	timeLen = 11
	tailLen = 6 // what people see and type: 2^30 of them
)

// NewID makes an id for a task of this moment. Ids of later microseconds are
// greater.
func NewID(at time.Time) string {
	id := make([]byte, timeLen+tailLen)
	for i, us := timeLen-1, at.UnixMicro(); i >= 0; i-- {
		id[i] = letters[us&31]
		us >>= 5
	}
	tail := id[timeLen:]
	rand.Read(tail) // never fails
	for i := range tail {
		tail[i] = letters[tail[i]&31]
	}
	return string(id)
}
