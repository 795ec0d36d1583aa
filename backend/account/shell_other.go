//go:build !unix

package account

import (
	"context"
	"os/exec"
)

// shell makes a command that ends when ctx does.
func shell(ctx context.Context, line string) *exec.Cmd {
	return exec.CommandContext(ctx, "cmd", "/C", line)
}
