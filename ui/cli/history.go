package cli

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"easel/backend/task"
)

func (p *Program) historyCommand() *cobra.Command {
	var asJSON bool
	var limit int
	cmd := &cobra.Command{
		Use:   "history [QUERY]",
		Short: p.Words.Say("cli.history"),
		Long:  p.Words.Say("cli.history_long"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := p.needs(); err != nil {
				return err
			}
			if limit < 1 {
				return p.wrong("cli.limit_zero", fmt.Sprint(limit))
			}
			store, err := p.Store()
			if err != nil {
				return fail(Wrong, err)
			}
			var list []task.Record
			if query := strings.TrimSpace(strings.Join(args, " ")); query != "" {
				list, err = store.Search(cmd.Context(), query, limit)
			} else {
				list, err = store.Recent(limit)
			}
			if err != nil {
				return fail(Wrong, err)
			}
			defer p.damaged(store)
			return p.records(list, asJSON)
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, p.Words.Say("cli.flag_json"))
	cmd.Flags().IntVar(&limit, "limit", 50, p.Words.Say("cli.flag_limit"))
	return cmd
}

// records prints what is over, one a line.
func (p *Program) records(list []task.Record, asJSON bool) error {
	var t table
	for _, r := range list {
		if asJSON {
			if err := p.printJSON(r); err != nil {
				return fail(Wrong, err)
			}
			continue
		}
		what := ""
		switch {
		case len(r.Files) > 0:
			what = r.Files[0].Path
			if n := len(r.Files); n > 1 {
				what += fmt.Sprintf(" (+%d)", n-1)
			}
		case r.Error != nil:
			what = oneLine(r.Error.Message)
		}
		t.add(r.Finished.Local().Format("2006-01-02 15:04"), r.ID[max(0, len(r.ID)-6):], p.stateWord(r.State),
			r.Provider, r.Model, cut(oneLine(r.Prompt), 40), what)
	}
	t.print(p.Out, p.width())
	return nil
}
