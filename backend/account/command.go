package account

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"time"

	"easel/backend"
)

// commandTime is how long a key_command may take.
const commandTime = 10 * time.Second

// runCommand runs a command through the shell, without a terminal, and gives
// what it printed. What it printed is in no error.
func runCommand(ctx context.Context, line string, limit time.Duration) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	var out, errs bytes.Buffer
	cmd := shell(ctx, line)
	cmd.Stdout, cmd.Stderr = &out, &errs
	cmd.WaitDelay = time.Second
	err := cmd.Run()
	switch {
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return "", fmt.Errorf("no answer within %v (it has no terminal to ask on)", limit)
	case err != nil:
		first, _, _ := strings.Cut(strings.TrimSpace(errs.String()), "\n")
		if exit, ok := errors.AsType[*exec.ExitError](err); ok && first != "" {
			return "", fmt.Errorf("exit status %d: %s", exit.ExitCode(), backend.Clean(first))
		}
		return "", err
	}
	return out.String(), nil
}
