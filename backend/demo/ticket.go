package demo

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"time"

	"easel/backend/demo/paint"
)

// ticket is all that the demo knows about a task: what is painted, how it goes,
// and when it began. Its text is the task's id.
type ticket struct {
	model   int // place in models
	size    size
	quality int // place in qualities
	format  int // place in formats
	count   int // 1 to 4
	fault   fault
	start   time.Time // to the millisecond
	salt    uint16    // so that two of the same moment differ
	plan    paint.Plan
}

const (
	ticketPrefix  = "demo_"
	ticketVersion = 1
	ticketMax     = 512 // characters
	sumSize       = 6
)

// errTicket is the error for an id that this program did not make.
var errTicket = errors.New("no such task")

// String gives the id: letters, digits, "-" and "_", about 70 of them.
func (t ticket) String() string {
	b := []byte{ticketVersion, byte(t.model)}
	b = binary.BigEndian.AppendUint16(b, uint16(t.size.w))
	b = binary.BigEndian.AppendUint16(b, uint16(t.size.h))
	b = append(b, byte(t.quality|t.format<<2|(t.count-1)<<4))
	b = binary.BigEndian.AppendUint16(b, uint16(t.fault))
	b = binary.BigEndian.AppendUint64(b, uint64(t.start.UnixMilli())<<16|uint64(t.salt))
	b = t.plan.Append(b)
	return ticketPrefix + base64.RawURLEncoding.EncodeToString(append(b, sum(b)...))
}

// readTicket reads an id. One that was cut, changed or invented is errTicket.
func readTicket(id string) (ticket, error) {
	text, ok := strings.CutPrefix(id, ticketPrefix)
	if !ok || len(id) > ticketMax {
		return ticket{}, errTicket
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) < 17+sumSize {
		return ticket{}, errTicket
	}
	b, check := b[:len(b)-sumSize], b[len(b)-sumSize:]
	if b[0] != ticketVersion || !slices.Equal(sum(b), check) {
		return ticket{}, errTicket
	}
	moment := binary.BigEndian.Uint64(b[9:])
	t := ticket{
		model:   int(b[1]),
		size:    size{int(binary.BigEndian.Uint16(b[2:])), int(binary.BigEndian.Uint16(b[4:]))},
		quality: int(b[6] & 3), format: int(b[6] >> 2 & 3), count: int(b[6]>>4) + 1,
		fault: fault(binary.BigEndian.Uint16(b[7:])),
		start: time.UnixMilli(int64(moment >> 16)),
		salt:  uint16(moment),
	}
	if t.plan, ok = paint.ReadPlan(b[17:]); !ok || !t.sane() {
		return ticket{}, errTicket
	}
	return t, nil
}

// sane keeps an id that passes the sum, and still is not ours, from asking for
// a picture of 65,535 x 65,535.
func (t ticket) sane() bool {
	return t.model < len(models) && t.quality < len(qualities) && t.format < len(formats) && t.count <= maxCount &&
		t.size.w >= 8 && t.size.h >= 8 && t.size.w*t.size.h <= 9_000_000
}

// sum finds damage, not villains: there is nothing here to steal.
func sum(b []byte) []byte {
	h := sha256.Sum256(append([]byte("easel demo ticket\n"), b...))
	return h[:sumSize]
}
