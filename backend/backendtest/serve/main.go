// Command serve starts the five strict providers of backendtest on loopback, for
// trying easel by hand: it prints a config that points at them, and what the
// documents do not allow as it arrives.
//
//	go run ./backend/backendtest/serve -takes 20s > try.toml &
//	easel --config try.toml
package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"time"

	"easel/backend/backendtest"
)

func main() {
	takes := flag.Duration("takes", 10*time.Second, "how long a task takes")
	results := flag.Int("results", 0, "pictures of a task; 0: as many as were asked for")
	failure := flag.String("failure", "", "the reason why every task fails")
	flag.Parse()
	plan := backendtest.Plan{Takes: *takes, Results: *results, Failure: *failure}
	var servers []*backendtest.Server
	for _, name := range backendtest.Names() {
		s, err := backendtest.Start(name, backendtest.WithPlan(plan))
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		defer s.Close()
		servers = append(servers, s)
		fmt.Printf("[providers.%s]\nbase_url = %q\nkey = %q\n\n", name, s.URL, s.Key())
	}
	os.Stdout.Close() // so that a pipe ends
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, os.Interrupt)
	told := make([]int, len(servers))
	for {
		select {
		case <-stop:
			return
		case <-time.After(time.Second):
		}
		for i, s := range servers {
			for _, what := range s.Illegal()[told[i]:] {
				fmt.Fprintln(os.Stderr, backendtest.Names()[i]+": "+what)
				told[i]++
			}
		}
	}
}
