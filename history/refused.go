package history

import (
	"bytes"
	"io"
	"time"

	"easel/backend"
)

// refused is what could not be written as it was promised: its callers were told
// that it is not written, but a part of it, or all (where the fsync failed), may be
// in the file. Nobody may take that for true: a person who was told that a task is
// not sent may ask for it anew, and would pay for both. So it is taken back, and
// until that succeeds the guard is kept: nobody reads it, and nothing is written.
//
// If this process ends in that state, on a disk that keeps the bytes and works again
// later, nothing tells its lines from good ones any more: a task among them is taken
// for one that was not sent yet, and who comes next sends it within ten minutes, as
// all such. A person is told of that (giveUp), unless the process was killed.
type refused struct {
	bytes   []byte      // nil if there is nothing to be taken back
	release func()      // of the guard, while it is held for a write or for bytes
	retry   *time.Timer // takes them back as soon as the disk lets it
}

// retakeEvery is the pause between two tries: others wait for the guard.
const retakeEvery = 300 * time.Millisecond

// settle takes back what was refused. Where it fails, nothing can be written yet.
func (l *lines) settle() error {
	l.reading.Lock()
	defer l.reading.Unlock()
	if l.release == nil {
		return nil
	}
	return l.letGo()
}

// letGo gives the guard up when nothing of what was refused is left; reading is
// held.
func (l *lines) letGo() error {
	if err := l.takeBack(); err != nil {
		if l.retry == nil {
			l.retry = time.AfterFunc(retakeEvery, func() { l.settle() })
		} else {
			l.retry.Reset(retakeEvery)
		}
		return err
	}
	l.release()
	l.release = nil
	return nil
}

// takeBack cuts what was refused off the file, on disk. Where somebody wrote behind
// it in spite of the guard, it stays, and is heard like the lines of others: theirs
// must not be lost.
func (l *lines) takeBack() error {
	if l.bytes == nil {
		return nil
	}
	there := make([]byte, len(l.bytes)+1)
	n, err := l.f.ReadAt(there, l.read)
	if err != nil && err != io.EOF {
		return err
	}
	if n > 0 && bytes.HasPrefix(l.bytes, there[:n]) {
		if err := l.f.Truncate(l.read); err != nil {
			return err
		}
	}
	if err := l.f.Sync(); err != nil {
		return err
	}
	l.bytes = nil
	return nil
}

// settled is settle for a process that is about to end: with some patience.
func (l *lines) settled() {
	for waited := time.Duration(0); l.settle() != nil && waited < patience; waited += retakeEvery {
		time.Sleep(retakeEvery)
	}
}

// giveUp tries a last time, lets the guard go whatever comes of it, and says what
// may be left; reading is held.
func (l *lines) giveUp() error {
	if l.release == nil {
		return nil
	}
	err := l.letGo()
	if err == nil {
		return nil
	}
	l.retry.Stop()
	l.release()
	l.refused = refused{}
	path, why := backend.Clean(l.path), backend.Clean(err.Error())
	return &backend.Error{Op: backend.OpSave, Kind: backend.Unavailable, Cause: err, Word: "task.remains", Args: []string{path, why},
		Message: "what was refused may still be in " + path + ", because it cannot be taken back (" + why + "), and the next easel may carry it out: see its tasks before you ask for it again"}
}
