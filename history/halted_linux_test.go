package history

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// One that is stopped keeps its lock, and does not count as one that is at work. Its
// lock stays where it is, for it may go on.
func TestStoppedOwner(t *testing.T) {
	s, _ := fresh(t)
	cat, err := exec.LookPath("cat")
	if err != nil {
		t.Skip(err)
	}
	const it = "0000000000000abcd"
	lock, err := os.OpenFile(s.engineLock(it), os.O_CREATE|os.O_RDWR, 0o600)
	must(t, err)
	must(t, syscall.Flock(int(lock.Fd()), syscall.LOCK_EX|syscall.LOCK_NB))
	in, out, err := os.Pipe()
	must(t, err)
	defer out.Close()
	child := exec.Command(cat)
	child.Stdin, child.ExtraFiles = in, []*os.File{lock}
	must(t, child.Start())
	defer func() {
		child.Process.Kill()
		child.Wait()
	}()
	must(t, lock.Close()) // the child has it, and with it the lock
	must(t, in.Close())
	data, err := line(Worker{PID: child.Process.Pid, What: "studio", Since: time.Now()})
	must(t, err)
	must(t, os.WriteFile(s.engineLock(it), data, 0o600))
	signal := func(sig syscall.Signal, flag int) {
		t.Helper()
		must(t, child.Process.Signal(sig))
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(child.Process.Pid, &status, flag, nil); err != nil || status.Exited() {
			t.Fatalf("%v, %v", err, status)
		}
	}
	rests := func() bool {
		for _, w := range s.Workers() {
			if w.PID == child.Process.Pid {
				return w.Rests
			}
		}
		t.Error("it is not among those that work here")
		return false
	}
	if !s.Alive(it) || rests() {
		t.Error("it is at work")
	}
	signal(syscall.SIGSTOP, syscall.WUNTRACED)
	if s.Alive(it) || !s.Others() || !rests() {
		t.Error("it is stopped, and still there")
	}
	s.sweep()
	signal(syscall.SIGCONT, syscall.WCONTINUED)
	if !s.Alive(it) || rests() {
		t.Error("it is at work again")
	}
	// A process of that number that is stopped, but is another one.
	data, err = line(Worker{PID: stopped(t, cat), What: "studio", Since: time.Now()})
	must(t, err)
	must(t, os.WriteFile(s.engineLock(it), data, 0o600))
	if !s.Alive(it) {
		t.Error("a stranger was taken for it")
	}
}

// stopped gives the number of a process that is stopped.
func stopped(t *testing.T, name string) int {
	t.Helper()
	child := exec.Command(name)
	in, err := child.StdinPipe()
	must(t, err)
	must(t, child.Start())
	t.Cleanup(func() {
		in.Close()
		child.Process.Kill()
		child.Wait()
	})
	must(t, child.Process.Signal(syscall.SIGSTOP))
	var status syscall.WaitStatus
	if _, err := syscall.Wait4(child.Process.Pid, &status, syscall.WUNTRACED, nil); err != nil || !status.Stopped() {
		t.Fatalf("%v, %v", err, status)
	}
	return child.Process.Pid
}
