package ui

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"easel/backend"
	"easel/backend/task"
	"easel/history"
	"easel/history/search"
	"easel/ui/words"
)

// fakeEngine is an engine that does what a test says. What it is asked is kept
// as text.
type fakeEngine struct {
	mu    sync.Mutex
	calls []string
	tasks []task.Task
	err   error
	n     int
}

func (e *fakeEngine) Submit(r backend.Request, out string) (task.Task, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, "submit "+r.Provider+" "+r.Model+" "+r.Ratio+" "+r.Size+" "+r.Prompt)
	if e.err != nil {
		return task.Task{}, e.err
	}
	e.n++
	// As the real one: what is remembered went through JSON.
	var sent backend.Request
	b, err := json.Marshal(r)
	if err == nil {
		err = json.Unmarshal(b, &sent)
	}
	return task.Task{ID: fmt.Sprintf("new%03d", e.n), Request: sent, State: backend.Pending, Progress: -1, Created: time.Now()}, err
}

func (e *fakeEngine) called(verb, id string) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.calls = append(e.calls, verb+" "+id)
	return e.err
}

func (e *fakeEngine) Tasks() []task.Task            { return e.tasks }
func (e *fakeEngine) Look(id string) error          { return e.called("look", id) }
func (e *fakeEngine) Adopt(id, ticket string) error { return e.called("adopt", id+" "+ticket) }
func (e *fakeEngine) Again(id string) error         { return e.called("again", id) }
func (e *fakeEngine) Lost(id string) error          { return e.called("lost", id) }
func (e *fakeEngine) Stop(id string) error          { return e.called("stop", id) }
func (e *fakeEngine) Resume(id string) error        { return e.called("resume", id) }
func (e *fakeEngine) Download(id string) error      { return e.called("download", id) }
func (e *fakeEngine) asked() string                 { return strings.Join(e.calls, "; ") }

// fakeChanges tells what a test puts in.
type fakeChanges chan []task.Task

func (c fakeChanges) Next(context.Context) ([]task.Task, error) {
	list, ok := <-c
	if !ok {
		return nil, errors.New("closed")
	}
	return list, nil
}

// fakeHistory keeps drafts as JSON, as the real one does.
type fakeHistory struct {
	mu      sync.Mutex
	records []task.Record
	prompts []string
	draft   backend.Request
	saved   [][]byte
	usual   time.Duration
	err     error

	index *search.Index // of what put put in, as the real one reads it
	news  chan struct{}
	lines [][]byte
	calls []string
	fails error         // why nothing can be changed
	slow  chan struct{} // a change takes until it is closed
}

// put writes lines into the past: records, and changes of them.
func (h *fakeHistory) put(lines ...any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, l := range lines {
		b, _ := json.Marshal(l)
		h.open().Add(b, int64(len(h.lines)))
		h.lines = append(h.lines, b)
	}
	if h.news != nil {
		close(h.news)
		h.news = nil
	}
}

func (h *fakeHistory) open() *search.Index {
	if h.index == nil {
		h.index = search.NewIndex()
		h.index.Complete()
		for i := len(h.records) - 1; i >= 0; i-- {
			b, _ := json.Marshal(h.records[i])
			h.index.Add(b, int64(len(h.lines)))
			h.lines = append(h.lines, b)
		}
	}
	return h.index
}

func (h *fakeHistory) Index() (*search.Index, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.open(), h.err
}

func (h *fakeHistory) IndexNews(ctx context.Context, x *search.Index, epoch int) (*search.Index, error) {
	for {
		h.mu.Lock()
		if h.err != nil {
			h.mu.Unlock()
			return x, h.err
		}
		if now := h.open(); now != x || now.Epoch() != epoch {
			h.mu.Unlock()
			return now, nil
		}
		if h.news == nil {
			h.news = make(chan struct{})
		}
		news := h.news
		h.mu.Unlock()
		select {
		case <-news:
		case <-ctx.Done():
			return x, ctx.Err()
		}
	}
}

func (h *fakeHistory) Entry(e search.Entry) (r task.Record, err error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	err = json.Unmarshal(h.lines[e.Offset], &r)
	for _, at := range e.Sets {
		var change struct{ Set json.RawMessage }
		err = errors.Join(err, json.Unmarshal(h.lines[at.Offset], &change), json.Unmarshal(change.Set, &r))
	}
	return r, err
}

// change notes what was asked for, and writes what the real one would.
func (h *fakeHistory) change(what string, ids []string, set any) error {
	h.mu.Lock()
	h.calls = append(h.calls, what+" "+strings.Join(ids, " "))
	slow, fails := h.slow, errors.Join(h.err, h.fails)
	h.mu.Unlock()
	if slow != nil {
		<-slow
	}
	if fails != nil {
		return fails
	}
	for _, id := range ids {
		h.put(map[string]any{"v": 1, "id": id, "set": set})
	}
	return nil
}

func (h *fakeHistory) Mark(m history.Mark, ids ...string) error {
	what := "mark"
	if m.Starred != nil {
		what += fmt.Sprint(" starred=", *m.Starred)
	}
	if m.Tags != nil {
		what += fmt.Sprint(" tags=", *m.Tags)
	}
	return h.change(what, ids, m)
}

func (h *fakeHistory) Trash(ids ...string) error {
	return h.change("trash", ids, map[string]bool{"trashed": true})
}

func (h *fakeHistory) Restore(ids ...string) error {
	return h.change("restore", ids, map[string]bool{"trashed": false})
}

func (h *fakeHistory) Trashed(context.Context) (history.Emptied, error) {
	return history.Emptied{Pictures: 3, Bytes: 4_200_000}, h.err
}

func (h *fakeHistory) EmptyTrash(context.Context) (history.Emptied, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.calls = append(h.calls, "empty")
	return history.Emptied{Pictures: 3, Bytes: 4_200_000}, h.err
}

func (h *fakeHistory) Recent(int) ([]task.Record, error)              { return h.records, h.err }
func (h *fakeHistory) Prompts(context.Context, int) ([]string, error) { return h.prompts, h.err }
func (h *fakeHistory) Draft() (backend.Request, error)                { return h.draft, h.err }
func (h *fakeHistory) Usual(provider, model string) time.Duration     { return h.usual }
func (h *fakeHistory) SaveDraft(r backend.Request) error {
	b, err := json.Marshal(r)
	h.mu.Lock()
	defer h.mu.Unlock()
	h.saved = append(h.saved, b)
	return errors.Join(err, h.err)
}

// drive is a studio without a terminal. It lives in a bubble of virtual time:
// commands run as they do in Bubble Tea, and a test waits for all of them.
type drive struct {
	t       testing.TB
	m       *model
	engine  *fakeEngine
	changes fakeChanges
	history *fakeHistory
	msgs    chan tea.Msg
	out     []tea.Msg // messages that are Bubble Tea's own: raw output, the clipboard, quit
	env     map[string]string
	answers []tea.Msg // what the terminal says when it is asked what it can; none: it is silent
}

type setup struct {
	lang      string
	w, h      int
	providers []*backend.Provider
	start     string
	engine    *fakeEngine
	history   *fakeHistory
	env       map[string]string
	notify    string
	noColor   bool
	work      bool // see atWork
	still     bool // nothing is in flight
}

// start makes a drive; it must be called in a bubble of synctest, and its stop
// at the end.
func start(t testing.TB, s setup) *drive {
	t.Helper()
	if s.work {
		s.fill()
	}
	if s.lang == "" {
		s.lang = "en"
	}
	w, err := words.Load(s.lang)
	if err != nil {
		t.Fatal(err)
	}
	d := &drive{t: t, engine: s.engine, history: s.history, changes: make(fakeChanges), msgs: make(chan tea.Msg, 10_000), env: s.env}
	d.answers = []tea.Msg{uv.PrimaryDeviceAttributesEvent{62}}
	if d.engine == nil {
		d.engine = &fakeEngine{}
	}
	if d.history == nil {
		d.history = &fakeHistory{}
	}
	if s.providers == nil {
		s.providers = providers()
	}
	if s.w == 0 {
		s.w, s.h = 120, 40
	}
	if s.start == "" {
		s.start = s.providers[0].Name
	}
	c := Config{
		Engine: d.engine, Changes: d.changes, History: d.history, Providers: s.providers, Start: s.start,
		Words: w, Notify: s.notify, NoColor: s.noColor, Mouse: true, Getenv: func(k string) string { return d.env[k] },
	}
	d.m = newModel(c, time.Now, remember(c))
	d.m.dir, d.m.past = "/home/ann", takes
	d.run(d.m.Init())
	d.send(tea.WindowSizeMsg{Width: s.w, Height: s.h})
	return d
}

// frame is how long a terminal is at a text of some size.
const frame = time.Second / 120

// takes is a terminal that takes what goes past the frames.
func takes(text string) tea.Cmd {
	return tea.Sequence(tea.Raw(text), func() tea.Msg {
		if len(text) > 4<<10 {
			time.Sleep(frame)
		}
		return nil
	})
}

// stop ends what is on its way.
func (d *drive) stop() {
	close(d.changes)
	if d.m.gallery != nil {
		d.history.err = errors.New("closed") // who waits for news hears of it
		d.history.put(map[string]any{})
	}
	time.Sleep(3 * time.Second)
	synctest.Wait()
}

// send gives the model a message, and then every answer until all is quiet.
func (d *drive) send(msg tea.Msg) {
	d.t.Helper()
	d.give(msg)
	d.settle()
}

// give is send, and no time goes by: a picture that is being sent is not whole
// after it.
func (d *drive) give(msg tea.Msg) {
	d.t.Helper()
	_, cmd := d.m.Update(msg)
	d.m.View()
	d.run(cmd)
	d.takeIn()
}

func (d *drive) settle() {
	for d.takeIn(); d.m.book.Busy(); d.takeIn() {
		time.Sleep(frame) // pieces of a picture follow each other
	}
}

// takeIn takes in what comes without any time going by.
func (d *drive) takeIn() {
	for {
		synctest.Wait()
		select {
		case msg := <-d.msgs:
			d.out = append(d.out, msg)
			if r, ok := msg.(tea.RawMsg); ok && strings.HasSuffix(fmt.Sprint(r.Msg), ansi.RequestPrimaryDeviceAttributes) {
				d.answer()
			}
			_, cmd := d.m.Update(msg)
			d.m.View()
			d.run(cmd)
		default:
			return
		}
	}
}

func (d *drive) answer() {
	for _, a := range d.answers {
		d.msgs <- a
	}
}

// run runs a command as Bubble Tea does, each in its own goroutine.
func (d *drive) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go d.do(cmd)
}

func (d *drive) do(cmd tea.Cmd) {
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			d.run(c)
		}
	default:
		if v := reflect.ValueOf(msg); v.Kind() == reflect.Slice && v.Type().Elem() == reflect.TypeFor[tea.Cmd]() {
			for i := range v.Len() { // a sequence
				d.do(v.Index(i).Interface().(tea.Cmd))
			}
			return
		}
		d.msgs <- msg
	}
}

// raw is what was written past the renderer, without the question what the
// terminal can.
func (d *drive) raw() string {
	s := ""
	for _, msg := range d.out {
		if r, ok := msg.(tea.RawMsg); ok {
			s += fmt.Sprint(r.Msg)
		}
	}
	q, _ := d.m.book.Terminal.Ask()
	return strings.ReplaceAll(s, q, "")
}

// copied is what was sent to the clipboard. Bubble Tea's message is its own, and
// of the kind string.
func (d *drive) copied() string {
	for _, msg := range d.out {
		if v := reflect.ValueOf(msg); v.Kind() == reflect.String && v.Type().Name() == "setClipboardMsg" {
			return v.String()
		}
	}
	return ""
}

func (d *drive) got(msg tea.Msg) bool {
	for _, m := range d.out {
		if reflect.TypeOf(m) == reflect.TypeOf(msg) {
			return true
		}
	}
	return false
}

func width(s string) int { return ansi.StringWidth(s) }

// wait lets virtual time go by.
func (d *drive) wait(t time.Duration) {
	d.settle()
	time.Sleep(t)
	d.settle()
}

// change brings a change of tasks, as the engine does.
func (d *drive) change(tasks ...task.Task) {
	d.t.Helper()
	d.wait(pause)
	d.changes <- tasks
	d.settle()
}

// press presses keys: names as Bubble Tea spells them; type_ types letters.
func (d *drive) press(names ...string) {
	d.t.Helper()
	for _, n := range names {
		d.send(key_(n))
	}
}

func (d *drive) type_(text string) {
	d.t.Helper()
	for _, r := range text {
		d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
	}
}

var named = map[string]rune{
	"enter": tea.KeyEnter, "tab": tea.KeyTab, "esc": tea.KeyEscape, "up": tea.KeyUp, "down": tea.KeyDown,
	"f2": tea.KeyF2, "left": tea.KeyLeft, "right": tea.KeyRight, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete,
	"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "f1": tea.KeyF1, "space": tea.KeySpace,
}

// key_ makes the press of a key from its name.
func key_(name string) tea.KeyPressMsg {
	k := tea.Key{}
	rest := name
	for _, m := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if s, ok := strings.CutPrefix(rest, m.name); ok && s != "" {
			rest, k.Mod = s, k.Mod|m.mod
		}
	}
	if code, ok := named[rest]; ok {
		k.Code = code
		if rest == "space" && k.Mod == 0 {
			k.Text = " "
		}
		return tea.KeyPressMsg(k)
	}
	r := []rune(rest)[0]
	k.Code = r
	if k.Mod == 0 {
		k.Text = rest
		if strings.ToLower(rest) != rest {
			k.Code, k.ShiftedCode, k.Mod = []rune(strings.ToLower(rest))[0], r, tea.ModShift
		}
	}
	return tea.KeyPressMsg(k)
}

// screen is what a terminal shows of the last view.
func (d *drive) screen() string {
	v := d.m.View()
	return shown(v.Content, d.m.env.Width, d.m.env.Height)
}

func shown(content string, w, h int) string {
	term := vt.NewEmulator(w, h)
	defer term.Close()
	_, _ = term.WriteString(strings.ReplaceAll(content, "\n", "\r\n"))
	lines := strings.Split(strings.TrimRight(term.String(), "\n"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.Join(lines, "\n") + "\n"
}

// sees fails if a text is not on the screen.
func (d *drive) sees(texts ...string) {
	d.t.Helper()
	s := d.screen()
	for _, text := range texts {
		if !strings.Contains(s, text) {
			d.t.Errorf("%q is not on the screen:\n%s", text, s)
		}
	}
}

func (d *drive) misses(texts ...string) {
	d.t.Helper()
	s := d.screen()
	for _, text := range texts {
		if strings.Contains(s, text) {
			d.t.Errorf("%q is on the screen:\n%s", text, s)
		}
	}
}

// wants fails if the engine was asked for anything else.
func (d *drive) wants(calls ...string) {
	d.t.Helper()
	if got := d.engine.asked(); got != strings.Join(calls, "; ") {
		d.t.Errorf("the engine was asked: %s\nwanted: %s", got, strings.Join(calls, "; "))
	}
	d.engine.calls = nil
}

func same[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s: got %v, want %v", what, got, want)
	}
}
