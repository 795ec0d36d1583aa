package history

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A process that moves pictures into the trash and back is killed, again and
// again. Every picture is where its record says that it is, whatever the moment;
// and when all is taken back and done with, nothing is left over.
func TestTrashOfAKilledProcess(t *testing.T) {
	if dir := os.Getenv("TRASH_IN"); dir != "" {
		s := again(t, dir)
		ids := strings.Split(os.Getenv("TRASH_IDS"), ",")
		for i := 0; ; i++ {
			must(t, s.Trash(ids[i%len(ids):]...))
			fmt.Println("moving")
			must(t, s.Restore(ids...))
		}
	}
	t.Parallel() // it waits for disks and processes
	s, folder, ids := gallery(t, 2, 1, 3, 1)
	before := files(t, folder)
	all := looked(t, s).Len()
	dir := s.dir
	must(t, s.Close())
	rng := rand.New(rand.NewPCG(4, 4))
	between := 0
	for range 8 {
		cmd := exec.Command(os.Args[0], "-test.run=^TestTrashOfAKilledProcess$")
		cmd.Env = append(os.Environ(), "TRASH_IN="+dir, "TRASH_IDS="+strings.Join(ids, ","))
		out, err := cmd.StdoutPipe()
		must(t, err)
		must(t, cmd.Start())
		lines := bufio.NewScanner(out)
		for range 1 + rng.IntN(30) {
			lines.Scan()
		}
		cmd.Process.Kill()
		cmd.Wait()
		s = again(t, dir)
		x := looked(t, s)
		if x.Len() != all {
			t.Fatalf("%d entries", x.Len())
		}
		for _, id := range ids {
			for _, f := range entryOf(t, s, id).Files {
				if got, err := sumOf(f.Path); err != nil || got != f.SHA256 {
					t.Errorf("%s: %v", f.Path, err)
				}
			}
		}
		if len(files(t, folder)) != len(before) {
			between++ // it was killed between two names
		}
		must(t, s.Close())
	}
	t.Logf("killed between two names: %d of 8", between)
	s = again(t, dir)
	must(t, s.Trash(ids...))
	must(t, s.Restore(ids...))
	if got := files(t, folder); !slices.Equal(got, before) {
		t.Errorf("%v", got)
	}
	must(t, s.Trash(ids...))
	if sum, err := s.EmptyTrash(context.Background()); err != nil || sum.Pictures != 7 {
		t.Errorf("%+v, %v", sum, err)
	}
	if got := files(t, filepath.Dir(dir)); slices.ContainsFunc(got, isPicture) {
		t.Errorf("left: %v", got)
	}
}
