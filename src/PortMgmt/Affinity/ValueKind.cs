namespace PortMgmt.PowerShell.Affinity;

/// <summary>What there is to look at in the values of a type.</summary>
internal enum ValueKind
{
    /// <summary>Nothing but members that were added.</summary>
    Leaf,

    /// <summary>Its elements.</summary>
    Collection,

    /// <summary>Its pairs.</summary>
    Dictionary,

    /// <summary>A key and a value, or the items of a tuple.</summary>
    Pair,

    /// <summary>An instance of a class that was written in PowerShell.</summary>
    ScriptClass,

    /// <summary>A script block.</summary>
    Block,

    /// <summary>A delegate, which may have been made of a script block.</summary>
    Delegate,

    /// <summary>What is there to hold another value, such as an error, a reference or a method of an object.</summary>
    Holder,

    /// <summary>A type, which may be a class that was written in PowerShell.</summary>
    Type,
}
