package recipe

import (
	"context"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/gjson"

	"easel/backend"
	"easel/backend/wire"
)

// What only some recipes describe: a driver has the methods only if its recipe
// has the step.
type (
	cancels  struct{ d *driver }
	finds    struct{ d *driver }
	balances struct{ d *driver }
)

// able gives the driver with what its recipe describes beyond the usual.
func (d *driver) able() backend.Driver {
	c, f, b := cancels{d}, finds{d}, balances{d}
	switch s := d.steps; [3]bool{s.cancel != nil, s.find != nil, s.balance != nil} {
	case [3]bool{true, true, true}:
		return struct {
			*driver
			cancels
			finds
			balances
		}{d, c, f, b}
	case [3]bool{true, true, false}:
		return struct {
			*driver
			cancels
			finds
		}{d, c, f}
	case [3]bool{true, false, true}:
		return struct {
			*driver
			cancels
			balances
		}{d, c, b}
	case [3]bool{false, true, true}:
		return struct {
			*driver
			finds
			balances
		}{d, f, b}
	case [3]bool{true, false, false}:
		return struct {
			*driver
			cancels
		}{d, c}
	case [3]bool{false, true, false}:
		return struct {
			*driver
			finds
		}{d, f}
	case [3]bool{false, false, true}:
		return struct {
			*driver
			balances
		}{d, b}
	}
	return d
}

// ask makes one of these requests and gives a good answer to it.
func (d *driver) ask(ctx context.Context, r *request, vars func(key string) values) (wire.Call, *wire.Answer, gjson.Result, error) {
	var none gjson.Result
	key, err := d.access(ctx)
	if err != nil {
		return wire.Call{}, nil, none, err
	}
	call, err := d.call(r, backend.OpPoll, vars(key), key)
	if err != nil {
		return call, nil, none, err
	}
	a, err := d.client.Do(ctx, call)
	if err != nil {
		return call, a, none, err
	}
	root, ok := parse(a.Body)
	if !a.OK() || ok && d.read.isError(root) {
		return call, a, none, d.read.refused(call, a)
	}
	return call, a, root, nil
}

// Cancel stops a job at the provider. Whatever a good answer says is fine.
func (c cancels) Cancel(ctx context.Context, j backend.Job) error {
	_, _, _, err := c.d.ask(ctx, c.d.steps.cancel, func(key string) values { return c.d.jobValues(j, key) })
	return err
}

// Find lists the jobs that were submitted in a time.
func (f finds) Find(ctx context.Context, m backend.Model, from, to time.Time) ([]backend.Found, error) {
	form := f.d.form.Find
	call, a, root, err := f.d.ask(ctx, f.d.steps.find, func(key string) values {
		return values{"model": f.d.spell("model", m.ID), "key": key, "from": from.Unix(), "to": to.Unix()}
	})
	if err != nil {
		return nil, err
	}
	list := first(root, form.Items)
	if !list.IsArray() && !exists(root, form.Items) {
		return nil, unreadable(call, a)
	}
	var out []backend.Found
	for _, item := range list.Array() {
		one := backend.Found{Ticket: firstText(item, form.ID), Prompt: wire.Hide(firstText(item, form.Prompt), call.Key), Created: moment(first(item, form.Created))}
		if one.Ticket != "" && (one.Created.IsZero() || !one.Created.Before(from.Truncate(time.Second)) && !one.Created.After(to)) {
			out = append(out, one)
		}
	}
	return out, nil
}

func exists(root gjson.Result, places []string) bool {
	for _, p := range places {
		if root.Get(p).Exists() {
			return true
		}
	}
	return false
}

// moment reads a time: seconds or milliseconds since 1970, or RFC 3339.
func moment(v gjson.Result) time.Time {
	if v.Type == gjson.Number {
		n := v.Num
		if n > 1e11 {
			n /= 1000
		}
		if n < 0 || n > 1e11 {
			return time.Time{}
		}
		return time.Unix(int64(n), 0)
	}
	at, err := time.Parse(time.RFC3339, v.Str)
	if err != nil {
		return time.Time{}
	}
	return at
}

// Balance asks what is left in the account.
func (b balances) Balance(ctx context.Context) (backend.Cost, error) {
	call, a, root, err := b.d.ask(ctx, b.d.steps.balance, func(key string) values { return values{"key": key} })
	if err != nil {
		return backend.Cost{}, err
	}
	cost, ok := b.d.form.Balance.read(root)
	if !ok {
		return cost, unreadable(call, a)
	}
	return cost, nil
}

// read reads a balance, in units of which per make one.
func (f *balanceForm) read(root gjson.Result) (backend.Cost, bool) {
	amount := strings.TrimSpace(firstText(root, f.Amount))
	if len(amount) > 40 || !decimal.MatchString(amount) {
		return backend.Cost{}, false
	}
	if f.Per > 0 {
		n, ok := new(big.Rat).SetString(amount)
		per, ok2 := new(big.Rat).SetString(strconv.FormatFloat(f.Per, 'f', -1, 64))
		if !ok || !ok2 {
			return backend.Cost{}, false
		}
		amount = strings.TrimRight(strings.TrimRight(n.Quo(n, per).FloatString(6), "0"), ".")
	}
	return backend.Cost{Amount: amount, Unit: f.Unit}, true
}
