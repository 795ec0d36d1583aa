//go:build unix

package crash

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"math/rand/v2"
	"os"
	"time"

	"easel/backend"
	"easel/backend/recipe"
	"easel/backend/task"
	"easel/history"
)

// orderVar makes the test binary a worker: the engine with the real files and
// the real drivers, without a screen. It submits prompts, as a person at the
// studio does, and works on until it is killed.
const orderVar = "EASEL_CRASH_ORDER"

// order is what a worker is to do.
type order struct {
	Data, Pictures string
	Addresses      map[string]string // of providers, by name
	Recipes        string            // a folder
	Key            string
	Prompts        []string
	Finish         bool   // end when nothing goes on any more
	Variant        string // what is broken on purpose; "" for easel as it is
}

// What a worker may get wrong, to show that the test finds it.
const (
	sendsAgain = "sends again"         // a start takes what is in doubt for unsent
	allUnsure  = "calls all unsure"    // tickets do not come to the disk
	forgets    = "forgets"             // a task is shown before it is on disk
	halves     = "writes halves"       // pictures grow under their names
	twice      = "saves a second time" // names are not the same in every run
	robs       = "robs"                // takes the tasks of those that live, and does not hear them
)

// work carries out an order; it does not return.
func work(text string) {
	var o order
	err := json.Unmarshal([]byte(text), &o)
	if err == nil {
		err = o.work()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "worker:", err)
		os.Exit(1)
	}
	os.Exit(0)
}

func (o order) work() error {
	store, err := history.Open(o.Data, o.Pictures, nil)
	if err != nil {
		return err
	}
	release, err := store.Join("worker")
	if err != nil {
		return err
	}
	providers, err := o.providers()
	if err != nil {
		return err
	}
	engine := task.New(task.Config{
		Providers: providers,
		Journal:   &journal{store, o.Variant}, Library: &library{store, o.Variant}, Home: o.Pictures,
	})
	follower := engine.Follow()
	if err := engine.Start(context.Background()); err != nil {
		return err
	}
	for _, prompt := range o.Prompts {
		t, err := engine.Submit(o.request(providers, prompt), "")
		if err != nil {
			return err
		}
		fmt.Println(t.ID, prompt) // the person sees it
	}
	o.wait(engine, follower)
	_, err = engine.Close(context.Background())
	if err == nil {
		err = release()
	}
	return err
}

func (o order) providers() ([]*backend.Provider, error) {
	list, err := recipe.LoadDir(o.Recipes)
	var out []*backend.Provider
	for _, r := range list {
		p, failed := r.Provider(recipe.Options{Name: r.Name, BaseURL: o.Addresses[r.Name],
			Key: func(context.Context) (string, error) { return o.Key, nil }})
		if failed != nil {
			return nil, failed
		}
		out = append(out, p)
	}
	return out, err
}

// request asks one provider or the other, and every third time for a stream
// where there is one.
func (o order) request(providers []*backend.Provider, prompt string) backend.Request {
	chance := crc32.ChecksumIEEE([]byte(prompt))
	p := providers[int(chance)%len(providers)]
	r := p.Models[0].Fill(backend.Request{Provider: p.Name, Model: p.Models[0].ID, Prompt: prompt})
	if p.Name == "grsai" && chance>>8%3 == 0 {
		r.Options = map[string]string{"replyType": "stream"}
	}
	return r
}

// wait waits for ever, or with Finish until nothing goes on.
func (o order) wait(engine *task.Engine, follower *task.Follower) {
	moving := func() bool {
		for _, t := range engine.Tasks() {
			if !t.Idle() {
				return true
			}
		}
		return false
	}
	for !o.Finish || moving() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		follower.Next(ctx)
		cancel()
	}
}

// slow waits a little, so that a kill falls into what is otherwise done at once.
func slow() { time.Sleep(rand.N(20 * time.Millisecond)) }

// journal is the real one on a slow disk, and with a mistake.
type journal struct {
	*history.Store
	variant string
}

func (j *journal) Put(sync bool, decide func() []task.Event, done func()) error {
	slow()
	defer slow()
	return j.Store.Put(sync, func() []task.Event {
		events := decide()
		for _, e := range events {
			ticket := e.Kind == task.Told && e.Snapshot.Ticket != ""
			if j.variant == allUnsure && ticket || j.variant == forgets && e.Kind == task.Created {
				return nil
			}
		}
		return events
	}, done)
}

func (j *journal) Alive(engine string) bool {
	return j.variant != robs && j.Store.Alive(engine)
}

func (j *journal) Attend(told func([]task.Event, bool)) {
	if j.variant != robs {
		j.Store.Attend(told)
	}
}

func (j *journal) Replay(f func(task.Event)) error {
	if j.variant != sendsAgain {
		return j.Store.Replay(f)
	}
	doubt := map[string]bool{}
	err := j.Store.Replay(func(e task.Event) {
		switch e.Kind {
		case task.Sending:
			doubt[e.ID] = true
		case task.Told, task.Refused, task.Doubtful, task.Unsent, task.Stopped:
			delete(doubt, e.ID)
		}
		f(e)
	})
	for id := range doubt {
		f(task.Event{V: 1, ID: id, At: time.Now(), Kind: task.Unsent, Error: &backend.Error{Kind: backend.Unavailable}})
	}
	return err
}

// library is the real one on a slow disk, and with a mistake.
type library struct {
	*history.Store
	variant string
}

func (l *library) Save(ctx context.Context, t task.Task, index int, write func(io.Writer) error) (task.File, error) {
	defer slow()
	switch l.variant {
	case twice:
		t.Request.Prompt += fmt.Sprint(os.Getpid())
		defer time.Sleep(300 * time.Millisecond)
	case halves:
		file, err := l.Store.Save(ctx, t, index, write)
		if err != nil {
			return file, err
		}
		whole, err := os.ReadFile(file.Path)
		if err != nil {
			return file, err
		}
		os.WriteFile(file.Path, whole[:len(whole)/2], 0o600)
		time.Sleep(400 * time.Millisecond)
		return file, os.WriteFile(file.Path, whole, 0o600)
	}
	return l.Store.Save(ctx, t, index, write)
}
