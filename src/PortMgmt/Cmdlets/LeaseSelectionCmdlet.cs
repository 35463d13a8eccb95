using System.Management.Automation;
using PortMgmt.Leases;
using PortMgmt.Ports;
using PortMgmt.PowerShell.Binding;
using PortMgmt.PowerShell.Completion;
using PortMgmt.PowerShell.Errors;

namespace PortMgmt.PowerShell.Cmdlets;

/// <summary>Finds leases by name and port: all that is given must hold. What was named exactly and is not there is an error of its own.</summary>
public abstract class LeaseSelectionCmdlet : PortCmdlet
{
    /// <summary>The parameter set that selects by name, port and protocol.</summary>
    protected const string BySelection = "Selection";

    private bool _isNameGiven;

    /// <summary>Names of leases, compared without case; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = BySelection, Position = 0, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [Accepts(typeof(IConvertible))]
    [LeaseName]
    [AllowNull]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LeaseNameCompleter))]
    public string[]? Name { get; set; }

    /// <summary>
    /// The scope of the leases; wildcards are allowed, and <c>*</c> is any scope or none. Brackets mean themselves unless there is a
    /// <c>*</c> or <c>?</c> as well. Left out, a name is looked up in that of <c>PORTMGMT_SCOPE</c>, else among leases without a scope.
    /// </summary>
    [Parameter(ParameterSetName = BySelection, ValueFromPipelineByPropertyName = true)]
    [AllowEmptyString]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(LeaseScopeCompleter))]
    public string? Scope { get; set; }

    /// <summary>Leased ports.</summary>
    [Parameter(ParameterSetName = BySelection, ValueFromPipelineByPropertyName = true)]
    [ValidateRange(1, 65535)]
    [ArgumentCompleter(typeof(LeasedPortCompleter))]
    public int[]? Port { get; set; }

    /// <summary>The transport; any if left out. A lease of both matches each.</summary>
    [Parameter(ParameterSetName = BySelection, ValueFromPipelineByPropertyName = true)]
    public PortProtocol? Protocol { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => _isNameGiven = MyInvocation.BoundParameters.ContainsKey(nameof(Name));

    /// <summary>A process that is piped in has a name as well, which the engine binds: it is not that of a lease.</summary>
    /// <param name="isProcess">Whether a process is given.</param>
    protected void DropNameOf(bool isProcess) => Name = isProcess && !_isNameGiven ? null : Name;

    /// <summary>The leases of the selection, each once.</summary>
    /// <param name="states">States to look for; null for active and stale ones.</param>
    /// <param name="filter">What else must hold.</param>
    protected List<PortLease> Select(PortLeaseState[]? states = null, PortLeaseFilter? filter = null)
    {
        List<PortLease> found = [];
        HashSet<(int, PortProtocol, DateTimeOffset)> seen = [];
        string?[] names = Array.FindAll(Name ?? [], name => !string.IsNullOrEmpty(name));
        foreach (string? name in names is [] ? [null] : names)
        {
            foreach (int? port in Port is null or [] ? [null] : Array.ConvertAll(Port, value => (int?)value))
            {
                List<PortLease> matches = Query(name, port, states, filter ?? new PortLeaseFilter());
                bool exact = port is not null || (name is not null && !WildcardPattern.ContainsWildcardCharacters(name));
                if (matches.Count == 0 && exact)
                {
                    Report(PortErrors.NoLease(name, port, Protocol, Scope ?? (name is null ? null : FindScope(null))), (object?)name ?? port);
                }

                found.AddRange(matches.Where(lease => seen.Add((lease.Port, lease.Protocol, lease.CreatedAt))));
            }
        }

        return found;
    }

    private List<PortLease> Query(string? name, int? port, PortLeaseState[]? states, PortLeaseFilter filter)
    {
        bool isPattern = name is not null && WildcardPattern.ContainsWildcardCharacters(name);
        WildcardPattern? pattern = isPattern ? ReadPattern(name!) : null;

        // Brackets alone make no pattern: a scope is a path as a rule, which may have them, and [ab] must not find the leases of a.
        bool isScopePattern = Scope is not null && WildcardPattern.ContainsWildcardCharacters(Scope) && Scope.AsSpan().ContainsAny('*', '?');
        WildcardPattern? scopes = isScopePattern ? ReadPattern(Scope!) : null;
        PortLeaseFilter complete = filter with
        {
            Name = isPattern ? null : name,
            Scope = isScopePattern ? "*" : Scope is null && name is null ? null : FindScope(Scope is null ? null : WildcardPattern.Unescape(Scope)),
            ScopeIsPattern = isScopePattern,
            Port = port,
            Protocol = Protocol,
        };
        List<PortLease> matches = [];
        foreach (PortLeaseState? state in states is null or [] ? [null] : Array.ConvertAll(states, value => (PortLeaseState?)value))
        {
            IReadOnlyList<PortLease> leases = OpenToRead().GetLeases(complete with { State = state }, StopToken);
            matches.AddRange(leases.Where(lease => (pattern is null || pattern.IsMatch(lease.Name)) && (scopes is null || scopes.IsMatch(lease.Scope))));
        }

        return matches;
    }

    private static WildcardPattern ReadPattern(string text)
    {
        var pattern = new WildcardPattern(text, WildcardOptions.IgnoreCase);
        try
        {
            // The engine reads a pattern when it is first used.
            _ = pattern.IsMatch("");
            return pattern;
        }
        catch (WildcardPatternException)
        {
            throw new PortRegistryException(
                PortRegistryErrorCode.InvalidRequest, $"'{text}' is no pattern of wildcards: a [ has no ] that ends it. Write `[ for the bracket itself.");
        }
    }
}
