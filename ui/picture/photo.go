package picture

import (
	"bufio"
	"encoding/binary"
	"image"
	"io"
)

// photo is what the head of a JPEG says that its decoder does not.
type photo struct {
	turn        int // EXIF's orientation, 1 to 8: how the picture is to be turned to be upright
	progressive bool
}

// maxTurned is the most pixels of a picture that is turned: it is in memory
// twice while it is. A larger one is shown as it lies.
const maxTurned = 25_000_000

// readPhoto reads the segments of a JPEG up to its first frame. What is broken
// is left to the decoder.
func readPhoto(r *bufio.Reader) photo {
	p := photo{turn: 1}
	if _, err := r.Discard(2); err != nil {
		return p
	}
	for {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil || head[0] != 0xff {
			return p
		}
		n := int(binary.BigEndian.Uint16(head[2:])) - 2
		marker := head[1]
		switch {
		case n < 0 || marker == 0xda: // the scan
			return p
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc:
			p.progressive = marker == 0xc2
			return p
		case marker == 0xe1 && p.turn == 1:
			data := make([]byte, n)
			if _, err := io.ReadFull(r, data); err != nil {
				return p
			}
			p.turn = orientation(data)
			continue
		}
		if _, err := r.Discard(n); err != nil {
			return p
		}
	}
}

// orientation finds the tag 0x0112 in the first directory of an EXIF segment; 1
// if it is not there.
func orientation(b []byte) int {
	if len(b) < 14 || string(b[:6]) != "Exif\x00\x00" {
		return 1
	}
	b = b[6:]
	var order binary.ByteOrder = binary.BigEndian
	if string(b[:2]) == "II" {
		order = binary.LittleEndian
	}
	at := int64(order.Uint32(b[4:]))
	if at+2 > int64(len(b)) {
		return 1
	}
	entries := b[at+2:]
	for range order.Uint16(b[at:]) {
		if len(entries) < 12 {
			return 1
		}
		if order.Uint16(entries) == 0x0112 {
			if v := int(order.Uint16(entries[8:])); v >= 1 && v <= 8 {
				return v
			}
			return 1
		}
		entries = entries[12:]
	}
	return 1
}

// turned makes a picture upright.
func turned(img image.Image, turn int) image.Image {
	b := img.Bounds()
	w, h := b.Dx(), b.Dy()
	if turn <= 1 || turn > 8 || w*h > maxTurned {
		return img
	}
	src := toRGBA(img)
	size := image.Pt(w, h)
	if turn >= 5 {
		size = image.Pt(h, w)
	}
	dst := image.NewRGBA(image.Rectangle{Max: size})
	for y := range size.Y {
		for x := range size.X {
			var from int
			switch turn {
			case 2:
				from = src.PixOffset(w-1-x, y)
			case 3:
				from = src.PixOffset(w-1-x, h-1-y)
			case 4:
				from = src.PixOffset(x, h-1-y)
			case 5:
				from = src.PixOffset(y, x)
			case 6:
				from = src.PixOffset(y, h-1-x)
			case 7:
				from = src.PixOffset(w-1-y, h-1-x)
			case 8:
				from = src.PixOffset(w-1-y, x)
			}
			copy(dst.Pix[dst.PixOffset(x, y):][:4], src.Pix[from:][:4])
		}
	}
	return dst
}
