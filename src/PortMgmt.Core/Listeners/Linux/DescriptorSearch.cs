namespace PortMgmt.Listeners.Linux;

/// <summary>
/// Looks for a socket among the descriptors of a process by halving them: one that opens sockets one after another gets rising descriptors
/// of rising inodes. That is a rule with exceptions, so a socket that is not found may be there all the same.
/// </summary>
internal static class DescriptorSearch
{
    /// <summary>Whether the socket was found. No descriptor is read twice.</summary>
    /// <param name="descriptors">The directory of the descriptors.</param>
    /// <param name="rising">Their numbers.</param>
    /// <param name="inode">The socket.</param>
    public static bool Contains(ProcDirectory descriptors, ReadOnlySpan<int> rising, uint inode)
    {
        while (!rising.IsEmpty)
        {
            int middle = rising.Length / 2;
            int at = middle;
            uint there = 0;
            while (at < rising.Length && !descriptors.TryReadSocket(rising[at], out there))
            {
                at++;
            }

            if (at < rising.Length && there == inode)
            {
                return true;
            }

            rising = at < rising.Length && there < inode ? rising[(at + 1)..] : rising[..middle];
        }

        return false;
    }
}
