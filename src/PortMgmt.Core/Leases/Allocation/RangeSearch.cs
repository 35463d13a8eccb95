using PortMgmt.Leases.Registry;
using PortMgmt.Leases.Table;
using PortMgmt.Ports;

namespace PortMgmt.Leases.Allocation;

/// <summary>
/// Searches a request's range. It starts where the name always starts and goes around; the first steps look closely, so that a name gets
/// its own port back, the others pass over what the tags say is taken. What speaks against each port is counted, for the refusal.
/// </summary>
internal sealed class RangeSearch(RegistrySession session, LeaseTerms terms, FoundPorts found, PortAvailabilityCheck check)
{
    // Near its start a name may find a port of its own that is quarantined, or whose owner died.
    private const int CloseSteps = 4;

    private readonly int _closeSteps = terms.Name.Length > 0 ? CloseSteps : 0;
    private readonly uint _ownTag = SlotTag.OfName(terms.Name, terms.Scope);
    private readonly bool _rangeAtItsWord = session.Rules.IsRangeTakenAtItsWord;
    private readonly int[] _tally = PortRefusals.NewTally();

    // The first port that the tally has already when the search comes round to it again.
    private int _talliedFrom;

    /// <summary>How many ports of the range the last search found to be refused, and for which reason.</summary>
    public int[] Tally => _tally;

    /// <summary>Goes around the range once; true when all ports of the request are found.</summary>
    public bool Search(SearchCare care)
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
            found.Add(port);
            return found.Count == terms.Count;
        }

        if (run < terms.Count)
        {
            return false;
        }

        for (int i = terms.Count - 1; i >= 0; i--)
        {
            found.Add(port - i);
        }

        return true;
    }

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

                Count(port, refusal);
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
        if (found.IsTaken(port))
        {
            Count(port, PortRefusal.None);
            return false;
        }

        // Even a dead lease of another name is no help here: taken back, it would leave its port quarantined.
        if (TagOf(port) is var tag && tag != _ownTag && SlotTag.IsLeased(tag))
        {
            Count(port, PortRefusal.Leased);
            return false;
        }

        PortRefusal refusal = terms.Exclude.Contains(port) ? PortRefusal.Excluded : session.Rules.CheckHardRules(port, terms.Name, terms.Scope);
        if (refusal == PortRefusal.None)
        {
            refusal = session.Rules.CheckSoftRules(port, terms.RangeAsked, _rangeAtItsWord);
        }

        if (refusal == PortRefusal.None)
        {
            refusal = check.Check(port, asked: false, allowQuarantined: care == SearchCare.AllowQuarantined).Refusal;
        }

        Count(port, refusal);
        return refusal == PortRefusal.None;
    }

    private void Count(int port, PortRefusal refusal)
    {
        if (port < _talliedFrom)
        {
            _tally[(int)refusal]++;
        }
    }
}
