return PortMgmt.Cli.CommandLineApplication.Run(args);
