module acme.example/probe

go 1.22
