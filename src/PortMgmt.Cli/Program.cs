using PortMgmt.Cli;
using PortMgmt.Cli.Run;

if (!OpenFilesCheck.Passes())
{
    return args is ["run", ..] ? ExitCodes.RunFailed : ExitCodes.Incomplete;
}

return CommandLineApplication.Run(args);
