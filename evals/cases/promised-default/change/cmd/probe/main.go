// Command probe exits with 1 where one of the sites does not answer, with 2 for a bad setting.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"acme.example/probe/probe"
)

func main() {
	timeout, err := probe.TimeoutFromEnvironment()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	prober := &probe.Prober{Client: http.DefaultClient, Timeout: timeout}
	status := 0
	for _, url := range os.Args[1:] {
		if !prober.Up(context.Background(), url) {
			fmt.Println("down:", url)
			status = 1
		}
	}
	os.Exit(status)
}
