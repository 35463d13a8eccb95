using System.CommandLine;
using System.Globalization;
using PortMgmt.Cli.Commands;
using PortMgmt.Cli.Output;
using PortMgmt.Leases;
using PortMgmt.Listeners;
using PortMgmt.Operations;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Completion;

/// <summary>
/// What an option or argument may be given, by what the help calls it: NAME and PATTERN are leases, SCOPE is what their names belong to, PORT is a port in use, <c>a|b</c> are
/// the values themselves. Nothing for others, files among them: shells know files better.
/// </summary>
/// <param name="registry">The registry's directory if the command line names one.</param>
internal sealed class ValueCandidates(string? registry)
{
    /// <summary>Finds them. A registry in trouble has none.</summary>
    /// <param name="command">The verb.</param>
    /// <param name="kind">What the help calls the value.</param>
    public IEnumerable<Candidate> Find(Command command, string? kind)
    {
        try
        {
            return kind switch
            {
                "NAME" or "PATTERN" => [.. LeaseNames()],
                "SCOPE" => [.. Scopes()],
                "PORT" when command is WhoCommand or WaitCommand or TestCommand => [.. ListeningPorts()],
                "PORT" when command is LeaseListCommand or LeaseRemoveCommand or LeaseRenewCommand => [.. LeasedPorts()],
                "LEASE" => [.. LeaseNames(), .. LeasedPorts()],
                "VERB" => command.Parents.OfType<Command>().SelectMany(static root => root.Subcommands).Where(static verb => !verb.Hidden).Select(static verb => new Candidate(verb.Name, "")),
                "PROFILE" => Profiles(),
                _ when kind?.Contains('|', StringComparison.Ordinal) == true => kind.Split('|').Select(value => new Candidate(value, "")),
                _ => [],
            };
        }
        catch (PortRegistryException)
        {
            return [];
        }
    }

    private IEnumerable<Candidate> LeaseNames() => Leases()
        .Where(lease => lease.Name.Length > 0)
        .GroupBy(lease => lease.Name, StringComparer.OrdinalIgnoreCase)
        .Select(leases => new Candidate(leases.Key, string.Join(", ", leases.Select(Describe))));

    private IEnumerable<Candidate> Scopes() => Leases()
        .Where(lease => lease.Scope.Length > 0)
        .GroupBy(lease => lease.Scope, StringComparer.Ordinal)
        .Select(leases => new Candidate(leases.Key, string.Join(", ", leases.Select(Describe))))
        .Prepend(new Candidate(PortScope.Auto, "the nearest directory that has .git"));

    private IEnumerable<Candidate> LeasedPorts() =>
        Leases().Select(lease => new Candidate(Number(lease.Port), $"{LeaseListing.Text(lease.Name)} ({ProtocolName.From(lease.Protocol)}), {StateOf(lease)}"));

    private static IEnumerable<Candidate> ListeningPorts() => PortListeners.Find()
        .GroupBy(listener => listener.Port)
        .Select(listeners => new Candidate(Number(listeners.Key), string.Join(", ", listeners.Select(Describe).Distinct())));

    private static IEnumerable<Candidate> Profiles()
    {
        (string Name, BatchProfile Profile)[] all =
        [
            ("ultra-low-latency", BatchProfile.UltraLowLatency), ("balanced", BatchProfile.Balanced),
            ("throughput", BatchProfile.Throughput), ("streaming", BatchProfile.Streaming),
        ];
        foreach ((string name, BatchProfile profile) in all)
        {
            OperationSettings settings = new OperationSettings().With(profile);
            yield return new Candidate(
                name, string.Create(CultureInfo.InvariantCulture, $"hand-offs of {settings.BatchSize}, after {settings.BatchFlush.TotalMilliseconds} ms at the latest"));
        }
    }

    private IReadOnlyList<PortLease> Leases() => PortRegistry.Open(new PortRegistryOptions { Directory = registry }).GetLeases();

    private static string Describe(PortLease lease) => $"{ProtocolName.From(lease.Protocol)} {Number(lease.Port)} {StateOf(lease)}";

    private static string Describe(PortListener listener) =>
        $"{ProtocolName.From(listener.Protocol)} {(listener.Id is { } id ? $"{listener.Program ?? "process"} {Number(id)}" : "of another user")}";

    private static string StateOf(PortLease lease) => lease.State.ToString().ToLowerInvariant();

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
