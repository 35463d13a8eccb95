using System.CommandLine;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;

namespace PortMgmt.Cli.Commands;

/// <summary><c>lease remove</c>: gives ports back.</summary>
internal sealed class LeaseRemoveCommand : CliCommand
{
    private readonly LeaseSelector _selector = new();
    private readonly Option<string> _force;

    /// <summary>Makes the verb.</summary>
    public LeaseRemoveCommand(GlobalOptions globals)
        : base("remove", "End leases.", globals)
    {
        _selector.AddTo(this);
        _force = AddFlag("--force", "End another user's leases too.");
    }

    /// <inheritdoc/>
    protected override int Execute(ParseResult parsed)
    {
        PortRegistry registry = OpenRegistry(parsed);
        bool force = parsed.Has(_force);
        return LeaseChange.Apply(_selector.Find(parsed, registry), Remove, OpenOutput(parsed));

        PortLease Remove(PortLease lease)
        {
            registry.Remove(lease, force);
            return lease;
        }
    }
}
