package history

import (
	"errors"
	"fmt"
	"iter"
	"math/bits"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// claimant is an easel that claims a directory without locks, one change on disk
// after another, as the test lets it.
type claimant struct {
	*sole
	err   error
	over  bool // it has its answer
	dead  bool // it was killed
	next  func() (step, bool)
	at    step // what it does next
	leave func()
}

// hall is a directory without locks, and those who want it.
type hall struct {
	t   *testing.T
	dir string
	all []*claimant
}

func newHall(t *testing.T) *hall {
	t.Helper()
	h := &hall{t: t, dir: t.TempDir()}
	must(t, os.Mkdir(filepath.Join(h.dir, enginesName), 0o700))
	return h
}

type killed struct{}

// comes adds one that begins.
func (h *hall) comes() *claimant {
	c := &claimant{sole: newSole(h.dir, fmt.Sprint("easel", len(h.all)), "test")}
	c.who.PID = len(h.all) + 1
	c.living = func(pid int) bool { return !h.all[pid-1].dead }
	h.all = append(h.all, c)
	c.next, c.leave = iter.Pull(func(yield func(step) bool) {
		defer func() {
			if r := recover(); r != nil && r != (killed{}) {
				panic(r)
			}
		}()
		c.step = func(what step) {
			if !yield(what) {
				panic(killed{})
			}
		}
		c.err = c.take()
		c.over = true
	})
	h.t.Cleanup(c.leave)
	return c
}

// goes lets one make one change, and says whether it goes on.
func (c *claimant) goes() bool {
	if c.dead || c.over {
		return false
	}
	at, more := c.next()
	c.at = at
	return more
}

func (c *claimant) ends() *claimant {
	for c.goes() {
	}
	return c
}

// dies ends one where it is.
func (c *claimant) dies() {
	c.dead = true
	c.leave()
}

// crashed leaves the claim of one that is dead.
func (h *hall) crashed() {
	h.t.Helper()
	must(h.t, h.comes().ends().err)
	h.all[len(h.all)-1].dies()
}

// check holds that at most one that lives has the directory, and that who was
// refused was refused for another one.
func (h *hall) check(says string) (has *claimant) {
	h.t.Helper()
	for _, c := range h.all {
		switch locked, refused := errors.AsType[*LockedError](c.err); {
		case c.dead || !c.over:
		case c.err != nil && (!refused || locked.PID == c.who.PID):
			h.t.Errorf("%s: %v", says, c.err)
		case c.err == nil && has != nil:
			h.t.Fatalf("%s: %s and %s are both the only one", says, has.engine, c.engine)
		case c.err == nil:
			has = c
		}
	}
	return has
}

// turn lets one make its changes up to the next that another one could see: to
// those that come before the first it only looks.
func (c *claimant) turn() {
	for c.goes() && (c.at == makes || c.at == writes) {
	}
}

// Two that find what a crash left, in every order of their steps: one gets in.
func TestOneOfTwoGetsIn(t *testing.T) {
	const turns = 4 // look, clear, empty and make, claim
	for order := range 1 << (2 * turns) {
		if bits.OnesCount(uint(order)) != turns {
			continue
		}
		h := newHall(t)
		h.crashed()
		two := [2]*claimant{h.comes(), h.comes()}
		for i := range 2 * turns {
			two[order>>i&1].turn()
		}
		two[0].ends()
		two[1].ends()
		if h.check(fmt.Sprintf("order %08b", order)) == nil {
			t.Errorf("order %08b: nobody got in", order)
		}
	}
}

// Several begin, are killed and leave at any moment: never do two have the
// directory, and in the end the next who comes gets in.
func TestOneOfManyGetsIn(t *testing.T) {
	for seed := range uint64(60) {
		dice := rand.New(rand.NewPCG(seed, 11))
		h := newHall(t)
		h.crashed()
		for n := range 60 {
			c := h.all[dice.IntN(len(h.all))]
			switch move := dice.IntN(16); {
			case move == 0 && len(h.all) < 8:
				h.comes()
			case move == 1 && len(h.all) > 3:
				c.dies()
			case move == 2 && c.over && c.err == nil && !c.dead:
				must(t, c.sole.leave())
				c.err = errors.New("left")
				c.dead = true
			default:
				c.goes()
			}
			h.check(fmt.Sprint("seed ", seed, " move ", n))
		}
		for _, c := range h.all {
			c.dies()
		}
		last := h.comes().ends()
		if last.err != nil {
			t.Fatalf("seed %d: %v", seed, last.err)
		}
		if list, _ := os.ReadDir(filepath.Join(h.dir, enginesName)); len(list) != 0 {
			t.Errorf("seed %d leaves %v", seed, list)
		}
		must(t, last.sole.leave())
		if list, _ := os.ReadDir(h.dir); len(list) != 1 {
			t.Errorf("seed %d leaves %v", seed, list)
		}
	}
}

// One that is killed at any step keeps nobody out.
func TestKilledWhileItClaims(t *testing.T) {
	for steps := 1; ; steps++ {
		h := newHall(t)
		h.crashed()
		c := h.comes()
		for range steps {
			c.goes()
		}
		over := c.over
		c.dies()
		if err := h.comes().ends().err; err != nil {
			t.Errorf("killed at step %d: %v", steps, err)
		}
		if over {
			return
		}
	}
}

// Who cannot read a claim, or whether its process lives, does not take it away.
func TestClaimOfSomebody(t *testing.T) {
	h := newHall(t)
	c := h.comes()
	c.who.Host = "elsewhere"
	must(t, c.ends().err)
	c.dead = true
	second := h.comes().ends()
	if locked, ok := errors.AsType[*LockedError](second.err); !ok || locked.Host != "elsewhere" || locked.Path != second.place() {
		t.Errorf("%+v", second.err)
	}
	must(t, os.WriteFile(filepath.Join(c.place(), c.engine+claimEnds), nil, 0o600))
	third := h.comes().ends()
	if locked, ok := errors.AsType[*LockedError](third.err); !ok || locked.PID != 0 {
		t.Errorf("%+v", third.err)
	}
}
