package cli

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"easel/backend"
)

// root makes the tree of commands. It is made for every run, so that nothing
// of one run is left for the next.
func (p *Program) root() *cobra.Command {
	root := &cobra.Command{
		Use:                        "easel",
		Short:                      p.Words.Say("cli.about"),
		Args:                       p.noCommand,
		SilenceErrors:              true,
		SuggestionsMinimumDistance: 2,
		SilenceUsage:               true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if version, _ := cmd.Flags().GetBool("version"); version {
				_, err := fmt.Fprintln(p.Out, "easel", p.Version)
				return err
			}
			return p.studio()
		},
	}
	root.SetIn(p.In)
	root.SetOut(p.Out)
	root.SetErr(p.Err)
	root.PersistentFlags().String("config", "", p.Words.Say("cli.flag_config"))
	root.AddCommand(
		p.generateCommand(), p.collectCommand(), p.tasksCommand(), p.historyCommand(),
		p.modelsCommand(), p.doctorCommand(), p.configCommand(),
	)
	p.translate(root)
	return root
}

// translate says what cobra says by itself in the person's language.
func (p *Program) translate(root *cobra.Command) {
	say := p.Words.Say
	root.SetFlagErrorFunc(p.flagError)
	root.SetUsageFunc(p.usage)
	root.SetHelpFunc(func(c *cobra.Command, _ []string) { p.help(c) })
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	root.Flags().Bool("version", false, say("cli.flag_version"))
	for _, c := range root.Commands() {
		if c.Name() == "help" || c.Name() == "completion" {
			c.Short = say("cli." + c.Name())
		}
	}
	var each func(c *cobra.Command)
	each = func(c *cobra.Command) {
		c.Flags().BoolP("help", "h", false, say("cli.flag_help"))
		for _, sub := range c.Commands() {
			each(sub)
		}
	}
	each(root)
}

// help says what a command is for, and how it is called.
func (p *Program) help(c *cobra.Command) {
	fmt.Fprintln(p.Out, cmp.Or(c.Long, c.Short))
	fmt.Fprintln(p.Out)
	p.usage(c)
}

// usage says how a command is called. It is a function and no template: with
// text/template in it the program weighs 14.1 MB instead of 11.5.
func (p *Program) usage(c *cobra.Command) error {
	say := p.Words.Say
	fmt.Fprintln(p.Out, say("cli.usage"))
	if c.Runnable() {
		fmt.Fprintln(p.Out, "  "+c.UseLine())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintf(p.Out, "  %s [command]\n\n%s\n", c.CommandPath(), say("cli.commands"))
		var t table
		for _, sub := range c.Commands() {
			if sub.IsAvailableCommand() || sub.Name() == "help" {
				t.add("  "+sub.Name(), sub.Short)
			}
		}
		t.print(p.Out, 0)
	}
	if c.HasAvailableLocalFlags() {
		fmt.Fprintf(p.Out, "\n%s\n%s", say("cli.flags"), c.LocalFlags().FlagUsages())
	}
	if c.HasAvailableInheritedFlags() {
		fmt.Fprintf(p.Out, "\n%s\n%s", say("cli.global_flags"), c.InheritedFlags().FlagUsages())
	}
	if c.HasAvailableSubCommands() {
		fmt.Fprintln(p.Out, "\n"+say("cli.more", c.CommandPath()))
	}
	return nil
}

// flagError says what is wrong with a flag.
func (p *Program) flagError(_ *cobra.Command, err error) error {
	if e, ok := errors.AsType[*pflag.NotExistError](err); ok {
		name := "--" + e.GetSpecifiedName()
		if short := e.GetSpecifiedShortnames(); short != "" {
			name = "-" + e.GetSpecifiedName()
		}
		return p.wrong("cli.flag_unknown", backend.Clean(name))
	}
	if e, ok := errors.AsType[*pflag.ValueRequiredError](err); ok {
		return p.wrong("cli.flag_value", "--"+backend.Clean(e.GetSpecifiedName()))
	}
	if e, ok := errors.AsType[*pflag.InvalidValueError](err); ok {
		return p.wrong("cli.flag_invalid", e.GetFlag().Name, backend.Clean(e.GetValue()))
	}
	return fail(Wrong, err)
}

// noCommand refuses a word that is no command, and says what was meant.
func (p *Program) noCommand(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	word := backend.Clean(args[0])
	if near := cmd.SuggestionsFor(word); len(near) > 0 {
		return p.wrong("cli.no_command_near", word, near[0])
	}
	if len(args) > 1 || strings.ContainsAny(word, " ，。") {
		return p.wrong("cli.no_command_prompt", backend.Clean(strings.Join(args, " ")))
	}
	return p.wrong("cli.no_command", word)
}

// exactly refuses any other number of arguments.
func (p *Program) exactly(n int) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case len(args) < n:
			return p.wrong("cli.args_missing", cmd.UseLine())
		case len(args) > n:
			return p.wrong("cli.no_args", backend.Clean(args[n]), cmd.UseLine())
		}
		return nil
	}
}

// needs gives what reading the config ended with, for the commands that cannot
// go on without it, and says its warnings.
func (p *Program) needs() error {
	if p.Config.Err != nil {
		return fail(Wrong, p.Config.Err)
	}
	for _, w := range p.Config.Warnings {
		fmt.Fprintln(p.Err, "easel: "+w)
	}
	return nil
}

// studio starts the studio, where there is a terminal to show it on.
func (p *Program) studio() error {
	if p.Config.Err != nil {
		return fail(Wrong, p.Config.Err)
	}
	if !isTerm(p.In) || !isTerm(p.Out) {
		return p.wrong("cli.no_terminal")
	}
	if name := p.Env("TERM"); name == "dumb" {
		return p.wrong("cli.doctor_dumb", name)
	}
	pending, err := p.Studio()
	if pending > 0 {
		p.say("cli.left_pending", pending)
	}
	if err != nil {
		return fail(Wrong, err)
	}
	return nil
}
