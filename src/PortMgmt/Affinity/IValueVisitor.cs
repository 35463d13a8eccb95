using System.Management.Automation;

namespace PortMgmt.PowerShell.Affinity;

/// <summary>Hears of what belongs to a session in a value.</summary>
internal interface IValueVisitor
{
    /// <summary>A script block.</summary>
    void VisitBlock(string path);

    /// <summary>A delegate that was made of a script block.</summary>
    void VisitDelegate(Delegate made, string path);

    /// <summary>An instance of a class that was written in PowerShell.</summary>
    void VisitInstance(object instance, Type type, string path);

    /// <summary>A class that was written in PowerShell.</summary>
    void VisitType(Type type);

    /// <summary>A member with scripts.</summary>
    void VisitMember(PSMemberInfo member, string path);
}
