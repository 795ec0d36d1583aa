package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
)

func (p *Program) configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: p.Words.Say("cli.config"),
		Args:  p.exactly(0),
		RunE:  func(*cobra.Command, []string) error { return p.wrong("cli.config_which") },
	}
	for name, run := range map[string]func() error{
		"path": p.configPath, "init": p.configInit, "check": p.configCheck,
	} {
		cmd.AddCommand(&cobra.Command{
			Use:   name,
			Short: p.Words.Say("cli.config_" + name),
			Args:  p.exactly(0),
			RunE:  func(*cobra.Command, []string) error { return run() },
		})
	}
	return cmd
}

func (p *Program) configPath() error {
	if p.Config.Path == "" {
		return fail(Wrong, p.Config.Err)
	}
	_, err := fmt.Fprintln(p.Out, p.Config.Path)
	return err
}

// configInit writes the example where there is no config yet. Only its owner
// may read it, for it may come to hold a key.
func (p *Program) configInit() error {
	path := p.Config.Path
	if path == "" {
		return fail(Wrong, p.Config.Err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fail(Wrong, err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return p.wrong("cli.config_exists", path)
	}
	if err != nil {
		return fail(Wrong, err)
	}
	_, err = f.Write(p.Config.Example)
	if err = errors.Join(err, f.Close()); err != nil {
		return fail(Wrong, err)
	}
	fmt.Fprintln(p.Out, path)
	p.say("cli.config_written", path)
	return nil
}

// configCheck says what is wrong with the config; nothing is printed on stdout
// but that all is well.
func (p *Program) configCheck() error {
	if err := p.needs(); err != nil {
		return err
	}
	list, err := p.Recipes()
	for _, r := range list {
		if err == nil {
			err = r.Err
		}
	}
	if err != nil {
		return fail(Wrong, err)
	}
	if err := p.standardIsThere(); exitStatus(err) == Wrong {
		return err
	}
	if !p.Config.Exists {
		fmt.Fprintln(p.Out, p.Words.Say("cli.config_none", p.Config.Path))
		return nil
	}
	fmt.Fprintln(p.Out, p.Words.Say("cli.config_well", p.Config.Path))
	return nil
}
