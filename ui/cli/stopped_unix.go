//go:build unix

package cli

import (
	"os"
	"os/signal"
	"syscall"
)

// stopped calls before when the process is about to be suspended (Ctrl+Z, kill
// -TSTP), suspends it, and calls after when it goes on, until the end. SIGSTOP
// cannot be heard. Where SIGTSTP was ignored when easel began, it stays so.
func stopped(before, after func()) (end func()) {
	if signal.Ignored(syscall.SIGTSTP) {
		return func() {}
	}
	heard, goesOn, over := make(chan os.Signal, 1), make(chan os.Signal, 1), make(chan struct{})
	signal.Notify(heard, syscall.SIGTSTP)
	go func() {
		for {
			select {
			case <-heard:
				before()
				signal.Notify(goesOn, syscall.SIGCONT)
				syscall.Kill(os.Getpid(), syscall.SIGSTOP)
				<-goesOn // the threads stop one after another: this one may still run
				signal.Stop(goesOn)
				after()
			case <-over:
				return
			}
		}
	}()
	return func() {
		signal.Stop(heard)
		close(over)
	}
}
