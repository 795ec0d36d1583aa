//go:build unix

package account

import (
	"context"
	"os/exec"
	"syscall"
)

// shell makes a command of a session of its own, so that it has no terminal,
// and all of it ends when ctx does.
func shell(ctx context.Context, line string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/bin/sh", "-c", line)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return cmd
}
