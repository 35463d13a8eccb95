using PortMgmt.Heads;
using PortMgmt.Leases;
using PortMgmt.Ports;

namespace PortMgmt.Cli.Run;

/// <summary>The ports that <c>run</c> is to lease, and the variables that are to have them.</summary>
/// <param name="Requests">What is wanted: one request, or one for each name.</param>
/// <param name="Variable">The variable for the first port; null for none.</param>
/// <param name="Named">The variables of the names; empty for those who have none of their own.</param>
internal sealed record RunPorts(IReadOnlyList<PortLeaseRequest> Requests, string? Variable, IReadOnlyList<PortVariable> Named)
{
    /// <summary>How many ports there will be.</summary>
    public int Count => Requests.Sum(static request => request.Count);

    /// <summary>Makes it, with the variables checked.</summary>
    /// <exception cref="PortRegistryException">Two ports would have one variable.</exception>
    public static RunPorts Create(IReadOnlyList<PortLeaseRequest> requests, string? variable, IReadOnlyList<PortVariable> named)
    {
        PortEnvironment.Check(variable, named);
        return new RunPorts(requests, variable, named);
    }

    /// <summary>The variables with their values.</summary>
    /// <param name="ports">The leased ports.</param>
    public IReadOnlyList<KeyValuePair<string, string>> GetVariables(IReadOnlyList<int> ports) => PortEnvironment.GetVariables(Variable, Named, ports);
}
