// Command probe exits with 1 where one of the sites does not answer.
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	"acme.example/probe/probe"
)

func main() {
	prober := &probe.Prober{Client: http.DefaultClient}
	status := 0
	for _, url := range os.Args[1:] {
		if !prober.Up(context.Background(), url) {
			fmt.Println("down:", url)
			status = 1
		}
	}
	os.Exit(status)
}
