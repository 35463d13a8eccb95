using System.Net;
using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.Heads;

/// <summary>Makes one request for each of several names, and carries them out together.</summary>
/// <param name="portOption">What the head calls the ports that are insisted on, for error messages.</param>
/// <param name="preferOption">What it calls those that are preferred.</param>
/// <param name="countOption">What it calls the number of ports for one name.</param>
internal sealed class NamedRequests(string portOption, string preferOption, string countOption)
{
    /// <summary>Makes the requests; one of no or one name is as it always was.</summary>
    /// <param name="common">What holds for all of them.</param>
    /// <param name="names">The names; none for a lease without one.</param>
    /// <param name="ports">The ports that are insisted on: none, or one for each name, 0 for any.</param>
    /// <param name="preferred">For one name any number of ports; for several none, or one for each, 0 for no preference.</param>
    /// <exception cref="PortRegistryException"><see cref="PortRegistryErrorCode.InvalidRequest"/>: the numbers do not fit, or a name is there twice.</exception>
    public IReadOnlyList<PortLeaseRequest> Create(PortLeaseRequest common, IReadOnlyList<string> names, IReadOnlyList<int> ports, IReadOnlyList<int> preferred)
    {
        if (names.Count < 2)
        {
            CheckNumber(portOption, ports.Count, Math.Max(1, names.Count));
            return [common with { Name = names.Count == 0 ? null : names[0], Port = ports.Count == 0 ? 0 : ports[0], PreferredPorts = preferred }];
        }

        if (common.Count != 1 || common.Contiguous)
        {
            throw Invalid($"{countOption} is how many ports one name has, but there are {names.Count} names with a port each. Leave it out, or lease for one name at a time.");
        }

        if (common.Token is not null)
        {
            throw Invalid($"A token stands for one lease, but there are {names.Count} names. Lease for one name at a time.");
        }

        CheckNames(names);
        CheckNumber(portOption, ports.Count, names.Count);
        CheckNumber(preferOption, preferred.Count, names.Count);
        return [.. names.Select((name, i) => common with { Name = name, Port = At(ports, i), PreferredPorts = At(preferred, i) is > 0 and int port ? [port] : [] })];
    }

    /// <summary>Carries the requests out, all or none.</summary>
    public static IReadOnlyList<PortLease> Acquire(PortRegistry registry, IReadOnlyList<PortLeaseRequest> requests, CancellationToken cancellationToken = default) =>
        requests.Count == 1 ? registry.AcquireMany(requests[0], cancellationToken) : registry.AcquireAll(requests, cancellationToken);

    /// <summary>Carries the requests out, all or none, and listens on the ports.</summary>
    public static IReadOnlyList<ListeningPort> Listen(PortRegistry registry, IReadOnlyList<PortLeaseRequest> requests, IPAddress? address) =>
        requests.Count == 1 ? registry.AcquireManyListening(requests[0], address) : registry.AcquireAllListening(requests, address);

    private static int At(IReadOnlyList<int> ports, int index) => ports.Count == 0 ? 0 : ports[index];

    private void CheckNames(IReadOnlyList<string> names)
    {
        HashSet<string> seen = new(StringComparer.OrdinalIgnoreCase);
        foreach (string name in names)
        {
            if (string.IsNullOrEmpty(name))
            {
                throw Invalid("One of the names is empty. Leave it out, or give it a name.");
            }

            if (!seen.Add(name))
            {
                throw Invalid($"The name '{name}' is given twice: each is for one lease. Give it once, or ask for several ports of one name by {countOption}.");
            }
        }
    }

    private static void CheckNumber(string option, int given, int names)
    {
        if (given != 0 && given != names)
        {
            string wish = names == 1 ? "one port, or several names" : $"{names} ports, in the order of the names, with 0 for any, or leave it out";
            throw Invalid($"{option} has {given} {(given == 1 ? "port" : "ports")} for {(names == 1 ? "one lease" : $"{names} names")}. Give {wish}.");
        }
    }

    private static PortRegistryException Invalid(string message) => new(PortRegistryErrorCode.InvalidRequest, message);
}
