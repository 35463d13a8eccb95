namespace PortMgmt.RabbitMq.Workers;

/// <summary>
/// The delivery tags of one channel, which count up from 1: which of them are settled, so that one acknowledgement covers as many as
/// possible. Not thread-safe.
/// </summary>
internal sealed class AckLedger
{
    private bool[] _settled = new bool[256];
    private ulong _oldest = 1;
    private ulong _next = 1;

    /// <summary>A message was delivered.</summary>
    public void Open(ulong tag)
    {
        while (tag - _oldest >= (ulong)_settled.Length)
        {
            Grow();
        }

        for (; _next <= tag; _next++)
        {
            _settled[IndexOf(_next)] = false;
        }
    }

    /// <summary>Messages are done with.</summary>
    /// <param name="tags">Their tags, each open until now; sorted by this.</param>
    /// <param name="upTo">Gets the tag up to which all can be acknowledged at once; 0 for none.</param>
    /// <returns>Those that have to be acknowledged one by one.</returns>
    public IReadOnlyList<ulong> Settle(List<ulong> tags, out ulong upTo)
    {
        tags.Sort();
        foreach (ulong tag in tags)
        {
            _settled[IndexOf(tag)] = true;
        }

        while (_oldest < _next && _settled[IndexOf(_oldest)])
        {
            _oldest++;
        }

        // The broker wants a tag that is open on its side: the highest of these below the first that is still open here.
        int covered = tags.BinarySearch(_oldest);
        covered = covered < 0 ? ~covered : covered;
        upTo = covered > 0 ? tags[covered - 1] : 0;
        return covered == tags.Count ? [] : tags.GetRange(covered, tags.Count - covered);
    }

    private int IndexOf(ulong tag) => (int)(tag & (ulong)(_settled.Length - 1));

    private void Grow()
    {
        bool[] larger = new bool[_settled.Length * 2];
        for (ulong tag = _oldest; tag < _next; tag++)
        {
            larger[(int)(tag & (ulong)(larger.Length - 1))] = _settled[IndexOf(tag)];
        }

        _settled = larger;
    }
}
