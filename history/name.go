package history

import (
	"cmp"
	"path/filepath"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"easel/backend/task"
)

// nameMax is the longest name of a picture, in bytes.
const nameMax = 80

// endings are those that a picture may have, by its bytes.
var endings = []string{".png", ".jpg", ".webp", ".gif", ".avif", ".heic", ".tiff", ".bmp"}

const longestEnding = len(".webp")

// folder is where the pictures of a task go.
func (s *Store) folder(t task.Task) string {
	if t.Out != "" {
		return t.Out
	}
	return filepath.Join(cmp.Or(t.Home, s.pictures), t.Created.Format("2006-01-02"))
}

// stem is the name of a picture without its ending. It depends on the task and
// the index alone (the time is that of the place where the task was made), and
// holds the end of the task's id.
func stem(t task.Task, index int) string {
	begin, end := t.Created.Format("150405")+"-", t.Short()+"-"+strconv.Itoa(index+1)
	slug := slug(t.Request.Prompt, nameMax-longestEnding-len(begin)-len(end)-1)
	if slug != "" {
		slug += "-"
	}
	return begin + slug + end
}

// slug makes a part of a file name of a text: its letters and digits, of every
// script, in lower case, and a dash for all between. It is cut at a character
// to so many bytes.
func slug(text string, most int) string {
	var b strings.Builder
	dash := false
	for _, r := range text {
		r = unicode.ToLower(r)
		letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && b.Len() > 0 && !dash
		if !letter || r == utf8.RuneError {
			dash = b.Len() > 0
			continue
		}
		need := utf8.RuneLen(r)
		if dash {
			need++
		}
		if b.Len()+need > most {
			break
		}
		if dash {
			b.WriteByte('-')
		}
		dash = false
		b.WriteRune(r)
	}
	return b.String()
}
