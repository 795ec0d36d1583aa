// Easel is a studio for AI images in the terminal.
//
// This file reads the config, puts the program together and picks the studio or
// a command. What can be said elsewhere is said elsewhere.
package main

import (
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/adrg/xdg"

	"easel/backend"
	"easel/backend/account"
	"easel/backend/demo"
	"easel/backend/recipe"
	"easel/backend/strict"
	"easel/backend/task"
	"easel/history"
	"easel/ui"
	"easel/ui/cli"
	"easel/ui/words"
)

//go:embed config.example.toml
var example []byte

// config is config.toml. What a section of a provider holds is account's.
type config struct {
	Provider  string                     `toml:"provider"`
	OutputDir string                     `toml:"output_dir"`
	DataDir   string                     `toml:"data_dir"`
	Language  string                     `toml:"language"`
	Notify    string                     `toml:"notify"`
	Shown     string                     `toml:"pictures"`
	Mouse     bool                       `toml:"mouse"`
	Providers map[string]account.Section `toml:"providers"`
}

// program is what the config makes of the parts.
type program struct {
	config
	path   string // of the config, absolute
	exists bool
	data   []byte
	err    error // the config cannot be followed
	words  *words.Words

	look      sync.Once
	own       []*recipe.Recipe // the person's own recipes
	known     []account.Known  // every recipe
	accounts  []*account.Account
	providers []*backend.Provider // of the accounts
	wrong     error               // a recipe or a section cannot be followed
}

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	ctx, stop := cli.Heard(os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends it at once
	p := &program{}
	p.err = p.read(args)
	var err error
	if p.words, err = words.Load(words.Choose(p.Language, os.Getenv)); err != nil {
		fmt.Fprintln(os.Stderr, "easel:", err)
		return cli.Wrong
	}
	return cli.Run(ctx, p.commands(), args)
}

// read finds and reads the config.
func (p *program) read(args []string) error {
	p.config = config{Language: "auto", Notify: "auto", Shown: "auto", Mouse: true}
	path, named := configFlag(args)
	if !named {
		path, named = os.LookupEnv("EASEL_CONFIG")
		named = named && path != ""
	}
	if !named {
		path = filepath.Join(xdg.ConfigHome, "easel", "config.toml")
	}
	var err error
	if path == "" {
		return errors.New(`--config "": name a file`)
	}
	if p.path, err = filepath.Abs(path); err != nil {
		return err
	}
	p.data, err = os.ReadFile(p.path)
	if errors.Is(err, fs.ErrNotExist) && !named {
		err = nil
	} else if err != nil {
		return err
	} else {
		p.exists = true
		err = strict.Decode(p.path, p.data, &p.config)
	}
	p.places()
	return errors.Join(err, p.judge())
}

// configFlag finds --config in a command line before it is read as a whole, so
// that everything else can follow the config.
func configFlag(args []string) (path string, given bool) {
	for i, a := range args {
		if a == "--" {
			break
		}
		if v, ok := strings.CutPrefix(a, "--config="); ok {
			path, given = v, true
		}
		if a == "--config" && i+1 < len(args) {
			path, given = args[i+1], true
		}
	}
	return path, given
}

// judge says which values are none that the config may have.
func (p *program) judge() error {
	var errs []error
	allowed := func(key, value string, values ...string) {
		if !slices.Contains(values, value) {
			errs = append(errs, p.at(key, "%s = %q is not allowed; allowed: %s", key, value, strings.Join(values, " ")))
		}
	}
	allowed("language", p.Language, append([]string{"auto"}, words.Languages...)...)
	allowed("notify", p.Notify, "auto", "bell", "off")
	allowed("pictures", p.Shown, "auto", "kitty", "iterm2", "sixel", "blocks", "off")
	return errors.Join(errs...)
}

// at is an error at the line of the config that holds a key or a table.
func (p *program) at(what, format string, args ...any) error {
	line := 0
	if at := regexp.MustCompile(`(?m)^[ \t]*` + regexp.QuoteMeta(what) + `(?:[^\w.-]|$)`).FindIndex(p.data); at != nil {
		line = 1 + strings.Count(string(p.data[:at[0]]), "\n")
	}
	return &strict.Error{File: p.path, Line: line, Message: fmt.Sprintf(format, args...)}
}

// places makes the two folders absolute. A relative one is beside the config,
// so that it does not depend on where easel is started.
func (p *program) places() {
	absolute := func(dir, standard string) string {
		dir = cmp.Or(dir, standard)
		if rest, ok := strings.CutPrefix(dir, "~"); ok && (rest == "" || rest[0] == '/' || rest[0] == filepath.Separator) {
			dir = filepath.Join(xdg.Home, rest)
		}
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(p.path), dir)
		}
		return filepath.Clean(dir)
	}
	p.OutputDir = absolute(p.OutputDir, "~/Pictures/easel")
	p.DataDir = absolute(p.DataDir, filepath.Join(xdg.DataHome, "easel"))
}

// readAccounts finds the providers that are there, once. A built-in recipe is
// read only if somebody follows it; the person's own all are, and must be right.
func (p *program) readAccounts() {
	p.look.Do(func() {
		var err error
		p.own, err = recipe.LoadDir(filepath.Join(filepath.Dir(p.path), "recipes"))
		problems := []error{err}
		p.known = account.Shelf(p.own)
		var wrong []error
		p.accounts, wrong = account.Open(account.Config{
			File: p.path, Sections: p.Providers, Order: account.Order(p.data), Known: p.known, Getenv: os.Getenv,
		})
		for _, err := range wrong {
			if x, ok := errors.AsType[*account.Problem](err); ok {
				err = p.at("[providers."+x.Name, "%s", x.Error())
			}
			problems = append(problems, err)
		}
		for _, a := range p.accounts {
			provider, err := a.Provider(nil, cli.Agent())
			if err != nil {
				problems = append(problems, p.at("[providers."+a.Name, "[providers.%s]: %v", a.Name, err))
				continue
			}
			p.providers = append(p.providers, provider)
		}
		p.wrong = errors.Join(problems...)
	})
}

// examined reads every recipe with its examples, for doctor.
func (p *program) examined() ([]cli.Recipe, error) {
	p.readAccounts()
	var list []cli.Recipe
	for _, k := range append(slices.Clone(p.known), account.Known{Name: account.Reserved, Read: demo.Recipe}) {
		r, err := k.Read()
		if err == nil {
			err = r.CheckExamples()
		}
		x := cli.Recipe{Name: k.Name, Err: err}
		if r != nil {
			x.Models = len(r.Models)
		}
		if slices.Contains(p.own, r) {
			x.File = filepath.Join(filepath.Dir(p.path), "recipes")
		}
		list = append(list, x)
	}
	return list, p.wrong
}

// all gives every provider that is there; the demo, which always is, comes last
// and is reached at address.
func (p *program) all(address string) ([]*backend.Provider, error) {
	p.readAccounts()
	if p.wrong != nil {
		return nil, p.wrong
	}
	r, err := demo.Recipe()
	if err != nil {
		return nil, err
	}
	key := func(context.Context) (string, error) { return "demo", nil }
	d, err := r.Provider(recipe.Options{Name: account.Reserved, BaseURL: address, Key: key, UserAgent: cli.Agent(), Local: true})
	if err != nil {
		return nil, err
	}
	return append(slices.Clone(p.providers), d), nil
}

// started is all with the demo at work.
func (p *program) started() ([]*backend.Provider, func(), error) {
	speed, _ := strconv.ParseFloat(os.Getenv("EASEL_DEMO_SPEED"), 64) // for tests; see demo.Options
	d, err := demo.StartWith(demo.Options{Speed: speed})
	if err != nil {
		return nil, nil, err
	}
	list, err := p.all(d.URL())
	if err != nil {
		d.Close()
		return nil, nil, err
	}
	return list, func() { d.Close() }, nil
}

// standard is the provider that is selected at start.
func (p *program) standard() string {
	p.readAccounts()
	if p.Provider == "" && len(p.accounts) > 0 {
		return p.accounts[0].Name
	}
	return cmp.Or(p.Provider, account.Reserved)
}

// work opens the engine, one of those that work in the data directory.
func (p *program) work(what string) (*cli.Work, error) {
	providers, stop, err := p.started()
	if err != nil {
		return nil, err
	}
	log, file := history.Log(p.DataDir)
	store, err := history.Open(p.DataDir, p.OutputDir, log)
	if err != nil {
		stop()
		return nil, err
	}
	leave, err := store.Join(what)
	if err != nil {
		stop()
		return nil, errors.Join(err, store.Close())
	}
	log.Info("easel begins", "as", what, "version", cli.Version())
	engine := task.New(task.Config{Providers: providers, Journal: store, Library: store, Home: p.OutputDir, Takes: store.Takes, Log: log})
	awake := cli.Sleeps(engine, log)
	return &cli.Work{Engine: engine, Store: store, Providers: providers, Log: log,
		Close: func(ctx context.Context) (int, error) {
			awake()
			pending, err := engine.Close(ctx)
			stop()
			log.Info("easel ends", "unsent", pending)
			return pending, errors.Join(leave(), err, store.Close(), file.Close()) // what may be sent all the same is said first
		}}, nil
}

// studio shows the studio until the person leaves. Bubble Tea hears SIGINT and
// SIGTERM itself, and not while an editor has the terminal; a context that ends
// with them, too, makes it wait for itself for ever.
func (p *program) studio() (pending int, err error) {
	ctx, stop := cli.Heard(syscall.SIGHUP)
	defer stop()
	work, err := p.work("studio")
	if err != nil {
		return 0, err
	}
	defer func() {
		var failed error
		pending, failed = work.End(ctx)
		err = errors.Join(err, failed)
	}()
	follower := work.Engine.Follow()
	defer follower.Close()
	since := time.Now()
	if err := work.Engine.Start(context.WithoutCancel(ctx)); err != nil {
		return 0, err
	}
	_, err = ui.Run(ctx, ui.Config{
		Engine: work.Engine, Changes: follower, History: work.Store, Since: since, Me: work.Store.Engine(),
		Providers: work.Providers, Start: p.standard(), Words: p.words,
		Notify: p.Notify, Pictures: p.Shown, Mouse: p.Mouse, NoColor: os.Getenv("NO_COLOR") != "",
		Thumbs: filepath.Join(xdg.CacheHome, "easel", "thumbs"), Version: cli.Version(), Log: work.Log, Notes: p.warnings(),
	})
	return 0, err
}

// warnings are what a person should know of the config, and can live with.
func (p *program) warnings() []string {
	st, err := os.Stat(p.path)
	if err != nil || st.Mode().Perm()&0o077 == 0 || runtime.GOOS == "windows" {
		return nil
	}
	for _, s := range p.Providers {
		if s.Key != "" {
			return []string{p.words.Say("cli.config_open", p.path)}
		}
	}
	return nil
}

// ofRecipe is the provider of any recipe, whether a key is there or not; nil if there
// is no such recipe.
func (p *program) ofRecipe(name string) (*backend.Provider, error) {
	list, err := p.all(nowhere)
	if err != nil {
		return nil, err
	}
	if i := slices.IndexFunc(list, func(x *backend.Provider) bool { return x.Name == name }); i >= 0 {
		return list[i], nil
	}
	for _, k := range p.known {
		if k.Name == name {
			r, err := k.Read()
			if err != nil {
				return nil, err
			}
			return account.Of(r, p.path, os.Getenv).Provider(nil, cli.Agent())
		}
	}
	return nil, nil
}

// nowhere is the demo's address while it is not started.
const nowhere = "http://127.0.0.1"

// commands hands the program over to the commands.
func (p *program) commands() *cli.Program {
	c := &cli.Program{
		Version: cli.Version(), Words: p.words, Env: os.Getenv, Environ: os.Environ(),
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Config:  cli.Config{Path: p.path, Exists: p.exists, Err: p.err, Example: example},
		DataDir: p.DataDir, Pictures: p.OutputDir, Shown: p.Shown, Default: p.standard,
		Recipes:   p.examined,
		Providers: func() ([]*backend.Provider, error) { return p.all(nowhere) },
		Known:     p.ofRecipe, Online: p.started, Work: p.work, Studio: p.studio,
		Store: func() (*history.Store, error) {
			return history.Open(p.DataDir, p.OutputDir, slog.New(slog.DiscardHandler))
		},
		Access: func() []cli.Access {
			p.readAccounts()
			var list []cli.Access
			for _, a := range p.accounts {
				list = append(list, cli.Access{Name: a.Name, Source: a.Source()})
			}
			return list
		},
	}
	if p.err == nil {
		c.Config.Warnings = p.warnings()
	}
	return c
}
