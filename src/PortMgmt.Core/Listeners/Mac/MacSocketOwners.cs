using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Text;
using PortMgmt.Platform.Native;
using PortMgmt.Ports;

namespace PortMgmt.Listeners.Mac;

/// <summary>Finds listeners in the open files of every process that may be looked into. Processes that vanish meanwhile are passed over.</summary>
[SupportedOSPlatform("macos")]
internal static unsafe class MacSocketOwners
{
    // What a call needs may have grown by the next call.
    private const int Spare = 64;
    private const int MaxProgramLength = 256;

    /// <summary>Lists the listeners, one for each process that has the socket.</summary>
    /// <param name="port">Only this port; null for all.</param>
    /// <param name="protocol">Only this protocol; <see cref="PortProtocol.Both"/> for both.</param>
    public static List<PortListener> Find(int? port, PortProtocol protocol)
    {
        List<PortListener> rows = [];
        foreach (int processId in ListProcesses())
        {
            int before = rows.Count;
            foreach (MacFileDescriptor file in ListDescriptors(processId))
            {
                if (file.Type == MacFileDescriptor.SocketType
                    && ReadSocket(processId, file.Descriptor) is { } row
                    && (port is null || row.Port == port)
                    && (protocol == PortProtocol.Both || row.Protocol == protocol))
                {
                    rows.Add(row);
                }
            }

            if (rows.Count > before)
            {
                Name(CollectionsMarshal.AsSpan(rows)[before..], processId);
            }
        }

        return rows;
    }

    private static ReadOnlySpan<int> ListProcesses()
    {
        int[] ids = new int[Math.Max(0, LibProc.ListProcesses(LibProc.AllProcesses, 0, null, 0)) / sizeof(int) + Spare];
        fixed (int* start = ids)
        {
            int length = LibProc.ListProcesses(LibProc.AllProcesses, 0, start, ids.Length * sizeof(int));
            return ids.AsSpan(0, Math.Max(0, length) / sizeof(int));
        }
    }

    private static ReadOnlySpan<MacFileDescriptor> ListDescriptors(int processId)
    {
        int needed = LibProc.ProcessInfo(processId, LibProc.ListDescriptors, 0, null, 0);
        if (needed <= 0)
        {
            return [];
        }

        var files = new MacFileDescriptor[needed / sizeof(MacFileDescriptor) + Spare];
        fixed (MacFileDescriptor* start = files)
        {
            int length = LibProc.ProcessInfo(processId, LibProc.ListDescriptors, 0, start, files.Length * sizeof(MacFileDescriptor));
            return files.AsSpan(0, Math.Max(0, length) / sizeof(MacFileDescriptor));
        }
    }

    private static PortListener? ReadSocket(int processId, int descriptor)
    {
        byte* info = stackalloc byte[MacSocketInfo.Length];
        int length = LibProc.DescriptorInfo(processId, descriptor, LibProc.SocketInfo, info, MacSocketInfo.Length);
        return length < MacSocketInfo.Length ? null : MacSocketInfo.Read(new(info, length));
    }

    private static void Name(Span<PortListener> rows, int processId)
    {
        byte* name = stackalloc byte[MaxProgramLength];
        int length = LibProc.ProcessName(processId, name, MaxProgramLength);
        string? program = length > 0 ? Encoding.UTF8.GetString(name, length) : null;
        foreach (ref PortListener row in rows)
        {
            row = row with { Id = processId, Program = program };
        }
    }
}
