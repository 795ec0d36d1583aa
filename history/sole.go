package history

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Where locks do nothing, one easel works in the data directory: the one whose
// claim is there. A claim is a folder with one file in it, named after its engine.
// It is made elsewhere and gets its place by a rename, which fails where a folder
// is that is not empty: of several that begin at once one is first, and a claim is
// never seen half. What a crash left is cleared by the name of its file, and an
// empty folder by a removal that fails for any other: whoever comes late, because
// it was slow or stopped, cannot take away what another one claimed since.
const (
	soleName  = "easel.lock"
	claimEnds = ".json"
	soleTries = 20 // each that fails, another one got ahead
)

// LockedError says why this easel cannot work in the data directory: locks do
// nothing on its file system, so that only one may.
type LockedError struct {
	PID   int       `json:"pid"`  // 0 if that is not known
	What  string    `json:"what"` // "studio", "generate", …
	Host  string    `json:"host"`
	Since time.Time `json:"since"`
	Path  string    `json:"-"` // of the claim
}

func (e *LockedError) Error() string {
	if e.PID == 0 {
		return "locks do not work in this data directory, and another easel is at work in it"
	}
	return fmt.Sprintf("locks do not work in this data directory, and another easel is at work in it: %s, process %d on %s, since %s",
		e.What, e.PID, e.Host, e.Since.Local().Format("2006-01-02 15:04:05"))
}

// sole is the claim of this process to be the only one.
type sole struct {
	dir    string // the data directory
	engine string // another one for each claim
	who    LockedError
	living func(pid int) bool
	step   func(step) // hears of each change on disk before it is made: in tests others go first
}

// step is a change on disk.
type step string

const (
	clears  step = "clears" // what a crash left
	empties step = "empties"
	makes   step = "makes"
	writes  step = "writes"
	claims  step = "claims"
)

func newSole(dir, engine, what string) *sole {
	host, _ := os.Hostname()
	return &sole{
		dir: dir, engine: engine, living: living, step: func(step) {},
		who: LockedError{PID: os.Getpid(), What: what, Host: host, Since: time.Now()},
	}
}

// place is where the claim that counts is, made where this one is made.
func (c *sole) place() string { return filepath.Join(c.dir, soleName) }
func (c *sole) made() string  { return filepath.Join(c.dir, enginesName, c.engine+newSuffix) }

// take claims the directory, or fails with a *LockedError.
func (c *sole) take() error {
	err := c.try()
	os.RemoveAll(c.made())
	if err != nil {
		return err
	}
	syncDir(c.dir)
	c.sweep()
	return nil
}

// try ends well only when the own claim is seen in its place, whatever became of
// the answer to the rename.
func (c *sole) try() error {
	var err error
	for range soleTries {
		name, held, bad := c.holder()
		switch {
		case bad != nil:
			return bad
		case name == c.engine+claimEnds:
			return nil
		case name != "" && !c.left(held):
			return held
		case name != "":
			c.step(clears)
			os.Remove(filepath.Join(c.place(), name))
		}
		c.step(empties)
		os.Remove(c.place()) // if it is empty
		if err = c.make(); err == nil {
			c.step(claims)
			err = os.Rename(c.made(), c.place())
		} else if !errors.Is(err, fs.ErrNotExist) { // else another one swept it away
			return err
		}
	}
	return fmt.Errorf("the data directory cannot be claimed: %w", err)
}

// make writes the claim, on disk, beside its place.
func (c *sole) make() error {
	c.step(makes)
	if err := errors.Join(os.RemoveAll(c.made()), os.Mkdir(c.made(), 0o700)); err != nil {
		return err
	}
	data, _ := line(c.who) // plain values
	f, err := os.OpenFile(filepath.Join(c.made(), c.engine+claimEnds), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	c.step(writes)
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		syncDir(c.made())
	}
	return err
}

// holder reads the claim that counts; no name says that there is none.
func (c *sole) holder() (name string, held *LockedError, err error) {
	list, err := os.ReadDir(c.place())
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil, nil
	}
	for _, e := range list {
		if !strings.HasSuffix(e.Name(), claimEnds) {
			continue // of a file system, or a person
		}
		data, err := os.ReadFile(filepath.Join(c.place(), e.Name()))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it just left
		}
		held := &LockedError{}
		if err != nil || json.Unmarshal(data, held) != nil {
			held = &LockedError{}
		}
		held.Path = c.place()
		return e.Name(), held, nil
	}
	return "", nil, err
}

// left says whether a claim was left by a process of this host that is gone. Of
// another host that cannot be known.
func (c *sole) left(held *LockedError) bool {
	return held.PID != 0 && held.Host == c.who.Host && !c.living(held.PID)
}

// sweep takes away what others had begun to make: while this one is there, none
// of it can get the place.
func (c *sole) sweep() {
	list, _ := os.ReadDir(filepath.Join(c.dir, enginesName))
	for _, e := range list {
		if strings.HasSuffix(e.Name(), newSuffix) {
			os.RemoveAll(filepath.Join(c.dir, enginesName, e.Name()))
		}
	}
}

// leave gives the directory up.
func (c *sole) leave() error {
	err := os.Remove(filepath.Join(c.place(), c.engine+claimEnds))
	os.Remove(c.place()) // unless another one was quicker
	syncDir(c.dir)
	return err
}
