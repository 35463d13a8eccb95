using System.CommandLine;
using PortMgmt.Cli.Parsing;
using PortMgmt.Leases;
using PortMgmt.Leases.Registry;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Commands;

/// <summary>What names existing leases: a name, a port or a token, and one of them only; by option, or as an argument that shows which it is.</summary>
internal sealed class LeaseSelector
{
    private readonly Argument<string> _lease = new("LEASE") { Description = "A port, a token, or else a name.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string> _name = new("--name") { HelpName = "NAME", Description = "Every lease of this name." };
    private readonly Option<string> _scope = new("--scope") { HelpName = "SCOPE", Description = "With --name: the scope of that name; auto for the nearest directory with .git. PORTMGMT_SCOPE unless said, '' for none." };
    private readonly Option<string> _port = new("--port") { HelpName = "PORT", Description = "Every lease of this port." };
    private readonly Option<string> _token = new("--token") { HelpName = "TOKEN", Description = "The one lease that this token stands for, and no successor of it." };

    /// <summary>Gives a verb the argument and these options.</summary>
    public void AddTo(Command command)
    {
        command.Arguments.Add(_lease);
        command.Options.Add(_name);
        command.Options.Add(_scope);
        command.Options.Add(_port);
        command.Options.Add(_token);
    }

    /// <summary>Finds the leases, at least one.</summary>
    /// <exception cref="PortRegistryException">There is none.</exception>
    public IReadOnlyList<PortLease> Find(ParseResult parsed, PortRegistry registry)
    {
        string? name = parsed.GetText(_name);
        int? port = parsed.GetNumber(_port, 1, 65535);
        string? token = parsed.GetText(_token);
        string? lease = parsed.GetText(_lease);
        if ((name is null ? 0 : 1) + (port is null ? 0 : 1) + (token is null ? 0 : 1) + (lease is null ? 0 : 1) != 1)
        {
            throw new UsageException("Which lease? Give one of them, as NAME, PORT or TOKEN, or by --name, --port or --token.");
        }

        if (lease is not null && lease.All(char.IsAsciiDigit))
        {
            port = ParseResultExtensions.ParseNumber(lease, "LEASE", 1, 65535);
        }
        else if (lease is not null && LeaseToken.IsOne(lease))
        {
            token = lease;
        }
        else
        {
            name ??= lease;
        }

        string? scope = parsed.GetValue(_scope);
        if (scope is not null && name is null)
        {
            throw new UsageException("--scope goes with --name NAME: a port and a token are one in all scopes.");
        }

        if (token is not null)
        {
            return [registry.GetLease(token)];
        }

        IReadOnlyList<PortLease> leases = registry.GetLeases(new PortLeaseFilter { Name = name, Scope = scope, Port = port });
        return leases.Count > 0
            ? leases
            : throw new PortRegistryException(
                PortRegistryErrorCode.LeaseNotFound,
                $"No lease {(name is null ? $"on port {port}" : $"named '{name}'{InScope(PortScope.Find(scope))}")}: it ended, or was never made. 'portmgmt lease list' shows what there is.");
    }

    private static string InScope(string scope) => scope.Length == 0 ? "" : $" in the scope '{scope}'";
}
