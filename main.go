// Easel is a studio for AI images in the terminal.
//
// This file reads the config, puts the program together and picks the studio or
// a command. What can be said elsewhere is said elsewhere.
package main

import (
	"context"
	"fmt"
	"os"

	"easel/ui"
	"easel/ui/words"
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(os.Stderr, "easel: the commands are not built in yet")
		return 2
	}
	if _, err := ui.Run(context.Background(), ui.Config{Words: &words.Words{}}); err != nil {
		fmt.Fprintln(os.Stderr, "easel:", err)
		return 2
	}
	return 0
}
