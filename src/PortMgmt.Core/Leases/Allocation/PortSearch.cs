using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Registry;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>
/// Finds the ports for a request: those that it insists on, those that are kept for its name or preferred, and what is left in its range.
/// </summary>
internal sealed class PortSearch
{
    private readonly RegistrySession _session;
    private readonly LeaseTerms _terms;
    private readonly FoundPorts _found;
    private readonly PortAvailabilityCheck _check;
    private readonly RangeSearch _range;
    private readonly List<string> _warnings = [];

    /// <param name="session">The open registry.</param>
    /// <param name="terms">What is wanted.</param>
    /// <param name="planned">What earlier requests of the call are to have.</param>
    public PortSearch(RegistrySession session, LeaseTerms terms, PlannedPorts planned)
    {
        _session = session;
        _terms = terms;
        _found = new FoundPorts(terms.Protocol, planned);
        _check = new PortAvailabilityCheck(session, terms.Protocol, terms.Name, terms.Scope);
        _range = new RangeSearch(session, terms, _found, _check);
    }

    /// <summary>Which rules were overridden because a port was asked for by number; empty as a rule.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The ports that were found so far.</summary>
    public IReadOnlyList<int> Found => _found.Ports;

    /// <summary>Finds the ports that are kept for the name or preferred, as far as they can be had; true when there is nothing left to be found.</summary>
    public bool FindWished() => TryWish(_session.Rules.ReservedPort(_terms.Name, _terms.Scope)) || TryPreferences();

    /// <summary>Finds what is left to be found in the range; all of the ports.</summary>
    /// <exception cref="PortRegistryException">There are not enough.</exception>
    public IReadOnlyList<int> FindInRange()
    {
        if (_range.Search(SearchCare.Quick))
        {
            return _found.Ports;
        }

        // Without a name there is no quarantined port of its own to find first, and what a sweep takes back would be in quarantine as well.
        if (_terms.Name.Length == 0 && _range.Search(SearchCare.AllowQuarantined))
        {
            return _found.Ports;
        }

        // Only now is it worth looking at every lease of the range.
        new RegistrySweep(_session).Run(_terms.Range, _terms.Protocol);
        return _range.Search(SearchCare.Thorough) || _range.Search(SearchCare.AllowQuarantined) ? _found.Ports : throw PortRefusals.Exhausted(_session.Rules, _terms, _range.Tally);
    }

    /// <summary>The ports that are insisted on.</summary>
    /// <exception cref="PortRegistryException">They cannot be had.</exception>
    public IReadOnlyList<int> FindExactly()
    {
        for (int port = _terms.Port; port < _terms.Port + _terms.Count; port++)
        {
            PortCheckResult seen = CheckAsked(port);
            if (seen.Refusal != PortRefusal.None)
            {
                throw PortRefusals.Unavailable(_session, port, _terms.Protocol, seen);
            }

            Take(port, seen);
        }

        return _found.Ports;
    }

    private bool TryPreferences()
    {
        for (int i = 0; i < _terms.PreferredPorts.Count; i++)
        {
            if (TryWish(_terms.PreferredPorts[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes a port that is wanted but not insisted on, with those behind it when they must be contiguous.</summary>
    private bool TryWish(int port)
    {
        var seen = new PortCheckResult[_terms.Contiguous ? _terms.Count : 1];
        bool isElsewhere = _terms.RangeAsked && !(_terms.Range.Contains(port) && _terms.Range.Contains(port + seen.Length - 1));
        if (port == 0 || isElsewhere || _found.IsTaken(port))
        {
            return false;
        }

        for (int i = 0; i < seen.Length; i++)
        {
            if (port + i > 65535 || (seen[i] = CheckAsked(port + i)).Refusal != PortRefusal.None)
            {
                return false;
            }
        }

        for (int i = 0; i < seen.Length; i++)
        {
            Take(port + i, seen[i]);
        }

        return _found.Count == _terms.Count;
    }

    private void Take(int port, PortCheckResult seen)
    {
        _found.Add(port);
        foreach (PortRefusal rule in PortRules.SoftRules)
        {
            if (_session.Rules.Breaks(rule, port) && _session.Rules.ReservedPort(_terms.Name, _terms.Scope) != port)
            {
                _warnings.Add(PortRefusals.Overridden(rule, port, _terms.Protocol));
            }
        }

        if (seen.Record is not null)
        {
            _warnings.Add(PortRefusals.Overridden(PortRefusal.Quarantined, port, _terms.Protocol));
        }
    }

    private PortCheckResult CheckAsked(int port)
    {
        PortRefusal hard = _terms.Exclude.Contains(port) ? PortRefusal.Excluded : _session.Rules.CheckHardRules(port, _terms.Name, _terms.Scope);
        return hard == PortRefusal.None ? _check.Check(port, asked: true) : new PortCheckResult(hard);
    }
}
