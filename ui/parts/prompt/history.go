package prompt

// walk is the way through earlier prompts: at is how far back the person is, 0
// for the text that was being written, which draft keeps meanwhile.
type walk struct {
	earlier []string // newest first
	at      int
	draft   string
}

// SetEarlier tells the editor which prompts there were, newest first. A walk
// under way goes on where it is.
func (e *Editor) SetEarlier(prompts []string) {
	if e.walk.at == 0 {
		e.walk.earlier = prompts
	}
}

// Earlier gives the prompts that SetEarlier told, newest first.
func (e *Editor) Earlier() []string { return e.walk.earlier }

// step goes by 1 to an earlier prompt, by -1 to a later one. The cursor is put
// where the same key goes on walking.
func (w *walk) step(e *Editor, by int) bool {
	to := w.at + by
	if w.at == 0 {
		w.draft = e.Value()
		for to > 0 && to <= len(w.earlier) && w.earlier[to-1] == w.draft {
			to++ // the prompt that was just sent still stands there
		}
	}
	if to < 0 || to > len(w.earlier) {
		return false
	}
	w.at = to
	if to == 0 {
		e.buf.set(w.draft)
	} else {
		e.buf.set(w.earlier[to-1])
	}
	if by > 0 {
		starts, text := e.buf.rows(0), e.buf.lines[0].text
		end := len(text)
		if len(starts) > 1 {
			end = starts[1]
		}
		e.buf.move(0, end)
		if len(starts) > 1 {
			e.buf.row, e.buf.col = e.buf.before()
		}
	}
	return true
}
