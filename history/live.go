package history

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"sync"
	"time"

	"easel/history/search"
)

// live is the index of the history for who looks through it: of its end first,
// then of the whole, and it follows what is written, by whichever easel.
type live struct {
	mu    sync.Mutex
	index *search.Index // nil until it is asked for
	seen  seen
	stop  context.CancelFunc // of the indexing behind the screen; nil when there is none
	ends  sync.WaitGroup
	bad   error         // why there will be no whole index
	news  chan struct{} // closed, and another one made, when this process wrote, or the index is another one
}

// seen is how far the file was read, and what it looked like then.
type seen struct {
	file os.FileInfo // nil: there was none
	end  int64       // behind the last line that was read
	tail []byte      // the bytes before end, to know the file again
}

// knownBy is how many bytes before the end must be the same for a file that grew
// to be the same file, grown.
const knownBy = 256

// longestLine is how long a line may be that is read.
const longestLine = 16 << 20

// lookEvery is the time between looks at the file while somebody waits for news.
const lookEvery = 300 * time.Millisecond

// Index gives the live index of the history: at first of the end of the file, at
// once; the whole is indexed behind it, from the first call on. It must be
// followed with IndexNews: another index takes its place when that is done, and
// when the file was replaced.
func (s *Store) Index() (*search.Index, error) {
	l := &s.live
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.index != nil {
		return l.index, nil
	}
	return l.index, s.begin()
}

// IndexNews waits until the index is another one than x, or changed since the
// epoch, and gives it. It looks at the file only while somebody waits.
func (s *Store) IndexNews(ctx context.Context, x *search.Index, epoch int) (*search.Index, error) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		now, news, err := s.look()
		if err != nil {
			return x, err
		}
		if now != x || now.Epoch() != epoch {
			return now, nil
		}
		select {
		case <-ctx.Done():
			return x, ctx.Err()
		case <-news:
		case <-tick.C:
		}
	}
}

// look reads what came since the last look. The channel is closed when this
// process writes.
func (s *Store) look() (*search.Index, <-chan struct{}, error) {
	l := &s.live
	l.mu.Lock()
	defer l.mu.Unlock()
	err := s.follow()
	if l.news == nil {
		l.news = make(chan struct{})
	}
	return l.index, l.news, err
}

// wrote tells who waits for news that this process wrote to the history.
func (s *Store) wrote() {
	s.live.mu.Lock()
	defer s.live.mu.Unlock()
	s.live.tell()
}

// tell wakes who waits for news; mu is held.
func (l *live) tell() {
	if l.news != nil {
		close(l.news)
		l.news = nil
	}
}

// follow brings the index up to the file. The caller holds live.mu.
func (s *Store) follow() error {
	l := &s.live
	if l.index == nil {
		return s.begin()
	}
	st, err := os.Stat(s.path(historyName))
	switch {
	case errors.Is(err, fs.ErrNotExist) && l.seen.file == nil:
		return nil
	case errors.Is(err, fs.ErrNotExist):
		return s.begin()
	case err != nil:
		return err
	case l.seen.file == nil:
		return s.begin()
	case os.SameFile(st, l.seen.file) && st.Size() == l.seen.file.Size() && st.ModTime().Equal(l.seen.file.ModTime()):
		return nil
	}
	f, err := os.Open(s.path(historyName))
	if err != nil {
		return err
	}
	defer f.Close()
	if !l.seen.grown(f) {
		return s.begin()
	}
	l.seen, err = l.seen.read(f, l.index)
	return err
}

// grown says whether a file is the one that was seen, with more at its end.
func (v seen) grown(f *os.File) bool {
	st, err := f.Stat()
	if err != nil || v.file == nil || !os.SameFile(st, v.file) || st.Size() < v.file.Size() || st.Size() < v.end {
		return false
	}
	if st.Size() == v.file.Size() && !st.ModTime().Equal(v.file.ModTime()) {
		return false // somebody wrote into it
	}
	now := make([]byte, len(v.tail))
	_, err = f.ReadAt(now, v.end-int64(len(now)))
	return err == nil && bytes.Equal(now, v.tail)
}

// begin makes the index anew: of the end of the file at once, of the rest behind
// the screen. The caller holds live.mu.
func (s *Store) begin() error {
	l := &s.live
	if l.stop != nil {
		l.stop()
		l.stop = nil
	}
	l.bad = nil
	defer l.tell()
	x := search.NewIndex()
	f, err := os.Open(s.path(historyName))
	if errors.Is(err, fs.ErrNotExist) {
		x.Complete()
		l.index, l.seen = x, seen{}
		return nil
	}
	if err != nil {
		return err
	}
	st, err := f.Stat()
	if err == nil && !st.Mode().IsRegular() {
		err = errors.New("it is no file")
	}
	at := int64(0)
	if err == nil {
		at, err = lineFrom(f, st.Size()-firstPiece)
	}
	now := seen{}
	if err == nil {
		now, err = seen{end: at}.read(f, x)
	}
	if err != nil {
		f.Close()
		return err
	}
	l.index, l.seen = x, now
	if at == 0 {
		x.Complete()
		return f.Close()
	}
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	l.ends.Go(func() { s.whole(ctx, f) })
	return nil
}

// lineFrom gives where the first line begins that begins at a place or behind.
func lineFrom(f *os.File, at int64) (int64, error) {
	if at <= 0 {
		return 0, nil
	}
	piece := make([]byte, 64<<10)
	for at--; ; {
		n, err := f.ReadAt(piece, at)
		if i := bytes.IndexByte(piece[:n], '\n'); i >= 0 {
			return at + int64(i) + 1, nil
		}
		at += int64(n)
		if err == io.EOF {
			return at, nil
		}
		if err != nil {
			return 0, err
		}
	}
}

// whole indexes a file from its beginning and puts the index in the place of the
// one of the end.
func (s *Store) whole(ctx context.Context, f *os.File) {
	defer f.Close()
	x := search.NewIndex()
	now, err := seen{}.readAll(ctx, f, x)
	l := &s.live
	l.mu.Lock()
	defer l.mu.Unlock()
	if ctx.Err() != nil {
		return // another one is at it, or nobody is
	}
	l.stop()
	l.stop = nil
	if err == nil && now.grown(f) {
		now, err = now.read(f, x) // what came meanwhile
	}
	l.tell()
	if err != nil {
		s.log.Error("the history cannot be indexed", "error", err)
		l.bad = err
		return // what there is of the end stays
	}
	x.Complete()
	l.index, l.seen = x, now
}

// read takes in what the file has behind what was seen.
func (v seen) read(f *os.File, x *search.Index) (seen, error) {
	return v.readAll(context.Background(), f, x)
}

// readAll is read, in pieces, between which it can be ended.
func (v seen) readAll(ctx context.Context, f *os.File, x *search.Index) (seen, error) {
	st, err := f.Stat()
	if err != nil {
		return v, err
	}
	v.file = st
	piece := make([]byte, min(laterPiece, st.Size()-v.end))
	for v.end < st.Size() && ctx.Err() == nil {
		piece = piece[:min(int64(len(piece)), st.Size()-v.end)]
		n, err := f.ReadAt(piece, v.end)
		if err != nil && err != io.EOF {
			return v, err
		}
		i := bytes.LastIndexByte(piece[:n], '\n')
		switch {
		case i >= 0:
			x.AddAll(string(piece[:i]), v.end)
			v.end += int64(i) + 1
		case v.end+int64(n) >= st.Size() || n < len(piece):
			// A last line without its end: still being written, or whole
			// but for that. It is read again when there is more.
			x.Add(piece[:n], v.end)
			return v.remember(f), ctx.Err()
		case len(piece) < longestLine:
			piece = make([]byte, 2*len(piece))
		default: // no record is so long
			if v.end, err = lineFrom(f, v.end+int64(n)); err != nil {
				return v, err
			}
		}
	}
	return v.remember(f), ctx.Err()
}

// remember notes what is before the end.
func (v seen) remember(f *os.File) seen {
	v.tail = make([]byte, min(v.end, knownBy))
	if n, err := f.ReadAt(v.tail, v.end-int64(len(v.tail))); err != nil {
		v.tail = v.tail[:n]
	}
	return v
}

// wholeIndex waits until all of the history is indexed.
func (s *Store) wholeIndex(ctx context.Context) (*search.Index, error) {
	for {
		x, news, err := s.look()
		s.live.mu.Lock()
		if err == nil && !x.Whole() {
			err = s.live.bad
		}
		s.live.mu.Unlock()
		if err != nil || x.Whole() {
			return x, err
		}
		select {
		case <-ctx.Done():
			return x, ctx.Err()
		case <-news:
		}
	}
}

// quiet ends what is done behind the screen.
func (l *live) quiet() {
	l.mu.Lock()
	if l.stop != nil {
		l.stop()
		l.stop, l.bad = nil, os.ErrClosed
	}
	l.mu.Unlock()
	l.ends.Wait()
}
