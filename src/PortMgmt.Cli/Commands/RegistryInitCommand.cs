using System.CommandLine;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>registry init</c>: makes the registry that all users of this machine share.</summary>
internal sealed class RegistryInitCommand : CliCommand
{
    private readonly Option<string> _machineWide;
    private readonly Option<string> _force;

    /// <summary>Makes the verb.</summary>
    public RegistryInitCommand(GlobalOptions globals)
        : base("init", "Make the machine-wide registry, which every user then shares (as an administrator).", globals)
    {
        _machineWide = AddFlag("--machine-wide", "Required: a registry of one's own needs no making.");
        _force = AddFlag("--force", "Though users have live leases in registries of their own, which are left behind.");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        if (!parsed.Has(_machineWide) || RegistryDirectory(parsed) is not null)
        {
            throw new UsageException("'registry init' makes the machine-wide registry only: give --machine-wide, and no --registry. A user's own registry is made at its first use.");
        }

        RegistryCommand.Print(PortRegistry.InitializeMachineWide(parsed.Has(_force)).GetStatus(), OpenOutput(parsed));
        return ExitCodes.Done;
    }
}
