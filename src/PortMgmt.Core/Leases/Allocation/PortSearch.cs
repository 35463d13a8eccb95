using PortMgmt.Leases.Policy;
using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>
/// Finds the ports for a request. The search starts where the name always starts and goes around the range; the first
/// steps look closely, so that a name gets its own port back, the others pass over what the tags say is taken.
/// </summary>
internal sealed class PortSearch(RegistrySession session, LeaseTerms terms, PlannedPorts planned)
{
    // Near its start a name may find a port of its own that is quarantined, or whose owner died.
    private const int CloseSteps = 4;

    private readonly int _closeSteps = terms.Name.Length > 0 ? CloseSteps : 0;
    private readonly uint _ownTag = SlotTag.OfName(terms.Name, terms.Scope);
    private readonly PortAvailabilityCheck _check = new(session, terms.Protocol, terms.Name, terms.Scope);
    private readonly bool _rangeAtItsWord = session.Rules.IsRangeTakenAtItsWord;
    private readonly List<int> _found = [];
    private readonly List<string> _warnings = [];
    private readonly int[] _tally = PortRefusals.NewTally();

    // The first port that the tally has already when the search comes round to it again.
    private int _talliedFrom;

    /// <summary>Which rules were overridden because a port was asked for by number; empty as a rule.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>The ports that were found so far.</summary>
    public IReadOnlyList<int> Found => _found;

    /// <summary>Finds the ports that are kept for the name or preferred, as far as they can be had; true when there is nothing left to be found.</summary>
    public bool FindWished() => TryWish(session.Rules.ReservedPort(terms.Name, terms.Scope)) || TryPreferences();

    /// <summary>Finds what is left to be found in the range; all of the ports.</summary>
    /// <exception cref="PortRegistryException">There are not enough.</exception>
    public IReadOnlyList<int> FindInRange()
    {
        if (SearchRange(SearchCare.Quick))
        {
            return _found;
        }

        // Without a name there is no quarantined port of its own to find first, and what a sweep takes back would be in quarantine as well.
        if (terms.Name.Length == 0 && SearchRange(SearchCare.AllowQuarantined))
        {
            return _found;
        }

        // Only now is it worth looking at every lease of the range.
        new RegistrySweep(session).Run(terms.Range, terms.Protocol);
        return SearchRange(SearchCare.Thorough) || SearchRange(SearchCare.AllowQuarantined) ? _found : throw PortRefusals.Exhausted(session.Rules, terms, _tally);
    }

    /// <summary>The ports that are insisted on.</summary>
    /// <exception cref="PortRegistryException">They cannot be had.</exception>
    public IReadOnlyList<int> FindExactly()
    {
        for (int port = terms.Port; port < terms.Port + terms.Count; port++)
        {
            PortCheckResult seen = CheckAsked(port);
            if (seen.Refusal != PortRefusal.None)
            {
                throw PortRefusals.Unavailable(session, port, terms.Protocol, seen);
            }

            Take(port, seen);
        }

        return _found;
    }

    private bool TryPreferences()
    {
        for (int i = 0; i < terms.PreferredPorts.Count; i++)
        {
            if (TryWish(terms.PreferredPorts[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes a port that is wanted but not insisted on, with those behind it when they must be contiguous.</summary>
    private bool TryWish(int port)
    {
        var seen = new PortCheckResult[terms.Contiguous ? terms.Count : 1];
        bool isElsewhere = terms.RangeAsked && !(terms.Range.Contains(port) && terms.Range.Contains(port + seen.Length - 1));
        if (port == 0 || isElsewhere || IsFound(port))
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

        return _found.Count == terms.Count;
    }

    private void Take(int port, PortCheckResult seen)
    {
        _found.Add(port);
        foreach (PortRefusal rule in PortRules.SoftRules)
        {
            if (session.Rules.Breaks(rule, port) && session.Rules.ReservedPort(terms.Name, terms.Scope) != port)
            {
                _warnings.Add(PortRefusals.Overridden(rule, port, terms.Protocol));
            }
        }

        if (seen.Record is not null)
        {
            _warnings.Add(PortRefusals.Overridden(PortRefusal.Quarantined, port, terms.Protocol));
        }
    }

    private PortCheckResult CheckAsked(int port)
    {
        PortRefusal hard = terms.Exclude.Contains(port) ? PortRefusal.Excluded : session.Rules.CheckHardRules(port, terms.Name, terms.Scope);
        return hard == PortRefusal.None ? _check.Check(port, asked: true) : new PortCheckResult(hard);
    }

    private bool SearchRange(SearchCare care)
    {
        Array.Clear(_tally);
        PortRange range = terms.Range;
        int start = range.First + (int)(terms.StartHash % (ulong)range.Count);

        // A block that has the start in its middle is found on the way round.
        int end = terms.Contiguous ? Math.Min(range.Last, start + terms.Count - 2) : start - 1;
        _talliedFrom = int.MaxValue;
        if (SearchSpan(start, range.Last, _closeSteps, care))
        {
            return true;
        }

        _talliedFrom = start;
        return SearchSpan(range.First, end, 0, care);
    }

    private bool SearchSpan(int first, int last, int closeSteps, SearchCare care)
    {
        int run = 0;
        for (int port = first; port <= last; port++)
        {
            int next = port < first + closeSteps ? port : PassOverTaken(port, last + 1, care);
            if (next > last)
            {
                return false;
            }

            run = next == port ? run : 0;
            port = next;
            bool accepted = Accepts(port, care);
            run = accepted ? run + 1 : 0;
            if (accepted && Collect(port, run))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Keeps a port that can be had; true when that was the last one needed.</summary>
    private bool Collect(int port, int run)
    {
        if (!terms.Contiguous)
        {
            _found.Add(port);
            return _found.Count == terms.Count;
        }

        if (run < terms.Count)
        {
            return false;
        }

        for (int i = terms.Count - 1; i >= 0; i--)
        {
            _found.Add(port - i);
        }

        return true;
    }

    private bool IsFound(int port) => (_found.Count > 0 && _found.Contains(port)) || planned.Contains(port, terms.Protocol);

    /// <summary>The next port that its tag does not say to be leased or quarantined.</summary>
    private int PassOverTaken(int port, int end, SearchCare care)
    {
        while (port < end)
        {
            ReadOnlySpan<uint> tags = session.Table.Tags.From(SlotOf(port));
            foreach (uint tag in tags[..Math.Min(tags.Length, end - port)])
            {
                PortRefusal refusal = SlotTag.IsLeased(tag) ? PortRefusal.Leased
                    : care == SearchCare.Quick && SlotTag.IsQuarantined(tag, session.Now) ? PortRefusal.Quarantined
                    : PortRefusal.None;
                if (refusal == PortRefusal.None)
                {
                    return port;
                }

                Tally(port, refusal);
                port++;
            }
        }

        return port;
    }

    private uint TagOf(int port) => session.Table.Tags[SlotOf(port)];

    private int SlotOf(int port) => TableLayout.Index(port, udp: terms.Protocol == PortProtocol.Udp);

    private bool Accepts(int port, SearchCare care)
    {
        // A port that an earlier step found is one of those that the request has, not one more.
        if (IsFound(port))
        {
            Tally(port, PortRefusal.None);
            return false;
        }

        // Even a dead lease of another name is no help here: taken back, it would leave its port quarantined.
        if (TagOf(port) is var tag && tag != _ownTag && SlotTag.IsLeased(tag))
        {
            Tally(port, PortRefusal.Leased);
            return false;
        }

        PortRefusal refusal = terms.Exclude.Contains(port) ? PortRefusal.Excluded : session.Rules.CheckHardRules(port, terms.Name, terms.Scope);
        if (refusal == PortRefusal.None)
        {
            refusal = session.Rules.CheckSoftRules(port, terms.RangeAsked, _rangeAtItsWord);
        }

        if (refusal == PortRefusal.None)
        {
            refusal = _check.Check(port, asked: false, allowQuarantined: care == SearchCare.AllowQuarantined).Refusal;
        }

        Tally(port, refusal);
        return refusal == PortRefusal.None;
    }

    private void Tally(int port, PortRefusal refusal)
    {
        if (port < _talliedFrom)
        {
            _tally[(int)refusal]++;
        }
    }
}
