namespace PortMgmt.RabbitMq.Messages;

/// <summary>
/// The messages that wait for their confirmation, by publish sequence number: a ring, so that a confirmation of many costs no more
/// than those it confirms. Not thread-safe.
/// </summary>
internal sealed class ConfirmWindow
{
    private OutgoingMessage?[] _ring = new OutgoingMessage?[256];
    private ulong _oldest = 1;
    private ulong _next = 1;

    /// <summary>A message gets the next sequence number, from 1.</summary>
    public void Add(OutgoingMessage message)
    {
        if (_next - _oldest == (ulong)_ring.Length)
        {
            Grow();
        }

        _ring[IndexOf(_next++)] = message;
    }

    /// <summary>Takes out what a confirmation is about.</summary>
    /// <param name="sequence">The sequence number.</param>
    /// <param name="multiple">With all before it.</param>
    /// <param name="taken">Gets the messages.</param>
    public void Take(ulong sequence, bool multiple, List<OutgoingMessage> taken)
    {
        if (sequence >= _next)
        {
            return;
        }

        for (ulong i = multiple ? _oldest : Math.Max(sequence, _oldest); i <= sequence; i++)
        {
            ref OutgoingMessage? slot = ref _ring[IndexOf(i)];
            if (slot is not null)
            {
                taken.Add(slot);
            }

            slot = null;
        }

        while (_oldest < _next && _ring[IndexOf(_oldest)] is null)
        {
            _oldest++;
        }
    }

    /// <summary>Takes out all in their order, and starts at 1 again.</summary>
    public List<OutgoingMessage> TakeAll()
    {
        var all = new List<OutgoingMessage>();
        if (_next > _oldest)
        {
            Take(_next - 1, multiple: true, all);
        }

        _oldest = _next = 1;
        return all;
    }

    private int IndexOf(ulong sequence) => (int)(sequence & (ulong)(_ring.Length - 1));

    private void Grow()
    {
        var larger = new OutgoingMessage?[_ring.Length * 2];
        for (ulong i = _oldest; i < _next; i++)
        {
            larger[(int)(i & (ulong)(larger.Length - 1))] = _ring[IndexOf(i)];
        }

        _ring = larger;
    }
}
